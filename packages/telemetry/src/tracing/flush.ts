import { type AnyEvent, type BeforeParsing, beforeParsing, type Context, FunctionError } from '@tradewind/core';
import { type InvocationContext, inTime, mustBe } from '@tradewind/core/adapter';
import { tellOnce } from '../safely.js';
import { streamed } from '../streamed.js';

/** In ms: an answer waits for no more. */
const LONGEST = 500;

/** What keeps spans, or metrics, until they are exported: a provider of OpenTelemetry's SDK. */
export interface Flushable {
  forceFlush(): Promise<unknown>;
}

/**
 * Exports what there is when an invocation ends: an instance may be frozen right after its answer, and never wake. Where the
 * answer waits for it (Lambda, Azure, Google Cloud), it does so for 500 ms at most; a failure of it is logged, and changes nothing.
 *
 * @returns a layer: put it outside of `tracing()`, so that the span has ended by then.
 * @throws FunctionError `misconfigured` for what cannot be flushed.
 * @example
 * ```ts
 * import { defineFunction } from '@tradewind/core';
 * import { flushOnEnd, tracing } from '@tradewind/telemetry';
 *
 * declare const provider: { forceFlush(): Promise<void> }; // of OpenTelemetry's SDK
 * export const fn = defineFunction.use(flushOnEnd(provider)).use(tracing());
 * ```
 */
// biome-ignore lint/complexity/noBannedTypes: adds nothing
export function flushOnEnd(provider: Flushable): BeforeParsing<AnyEvent, Context, {}> {
  mustBe('function', provider?.forceFlush, 'The provider of flushOnEnd(...): its forceFlush');
  return beforeParsing(async (event, context, next) => {
    const invocation = context as unknown as InvocationContext;
    const flush = (): Promise<void> => flushed(provider, invocation);
    invocation.atEnd(provider, flush);
    const result = await next();
    if (!('method' in event)) return result;
    // The span of a stream ends with the stream, which is after the invocation where the answer is not waited for.
    const { extendLife } = invocation;
    return streamed(result, () => (extendLife ? context.waitUntil(flush()) : flush())) ?? result;
  });
}

async function flushed(provider: Flushable, context: InvocationContext): Promise<void> {
  const { clock, extendLife } = context;
  try {
    const flushing = Promise.resolve(provider.forceFlush());
    if (extendLife) await flushing;
    else await inTime(clock, patience(context), flushing, late);
  } catch (error) {
    tellOnce(context, error);
  }
}

/** In ms. At the deadline a margin is left, in which the answer has to go out as well. */
function patience({ clock, platformDeadline }: InvocationContext): number {
  return Math.max(0, Math.min(LONGEST, (platformDeadline - clock.now()) / 2));
}

function late(): FunctionError {
  return new FunctionError('timeout', 'An export by flushOnEnd(...) was too slow for the answer to wait for it.');
}
