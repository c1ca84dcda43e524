import { type AnyEvent, type BeforeParsing, beforeParsing, type Context, FunctionError } from '@tradewind/core';
import { type InvocationContext, inTime, mustBe } from '@tradewind/core/adapter';
import { tellOnce } from '../safely.js';

/** In ms: the longest time that a response waits. */
const LONGEST = 500;

/** A provider of OpenTelemetry's SDK, which keeps spans or metrics until they are exported. */
export interface Flushable {
  forceFlush(): Promise<unknown>;
}

/**
 * Exports spans or metrics when an invocation ends, because the instance may be frozen right after its response and
 * never resume. Where the response waits for the export (Lambda, Azure, Google Cloud), it waits for 500 ms at most. A
 * failed export is logged and has no other effect.
 *
 * @returns a layer that runs before parsing. Spans have ended by then wherever it is among the layers.
 * @throws FunctionError `misconfigured` if the provider has no `forceFlush`.
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
  mustBe(
    'function',
    provider?.forceFlush,
    "flushOnEnd(...): `provider.forceFlush`, of an SDK's provider and not the API's,",
  );
  return beforeParsing((_event, context, next) => {
    const invocation = context as unknown as InvocationContext;
    invocation.atEnd(provider, () => flushed(provider, invocation));
    return next();
  });
}

async function flushed(provider: Flushable, context: InvocationContext): Promise<void> {
  const { clock, extendLife } = context;
  try {
    // A span of a layer outside ends in the same step as this begins.
    await undefined;
    // Background work may have spans too. Elsewhere the response has waited for it, as long as it may.
    if (extendLife) await inTime(clock, LONGEST, context.background(), late).catch(() => {});
    const flushing = Promise.resolve(provider.forceFlush());
    if (extendLife) await flushing;
    else await inTime(clock, patience(context), flushing, late);
  } catch (error) {
    tellOnce(context, error);
  }
}

/** In ms. At the deadline only a margin is left, in which the response has to be sent too. */
function patience({ clock, platformDeadline }: InvocationContext): number {
  return Math.max(0, Math.min(LONGEST, (platformDeadline - clock.now()) / 2));
}

function late(): FunctionError {
  return new FunctionError(
    'timeout',
    'flushOnEnd(...) took too long to export the telemetry. The export goes on if the instance lives on.',
  );
}
