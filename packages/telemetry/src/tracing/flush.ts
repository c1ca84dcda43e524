import { type AnyEvent, type BeforeParsing, beforeParsing, type Context, FunctionError } from '@tradewind/core';
import { type InvocationContext, inTime, mustBe, report } from '@tradewind/core/adapter';

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
  return beforeParsing(async (_event, context, next) => {
    const { clock, extendLife } = context as unknown as InvocationContext;
    try {
      return await next();
    } finally {
      // In a step of its own, so that one that throws at once is one that rejects.
      const flushed = Promise.resolve().then(() => provider.forceFlush());
      context.waitUntil(
        (extendLife ? flushed : inTime(clock, LONGEST, flushed, late)).catch((error) =>
          report(context.log, 'warn', 'What flushOnEnd(...) was to export could not be.', { error }),
        ),
      );
    }
  });
}

function late(): FunctionError {
  return new FunctionError('timeout', `It takes more than ${LONGEST} ms, and goes on where the instance lives on.`);
}
