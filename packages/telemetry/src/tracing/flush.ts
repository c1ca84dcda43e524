import { type AnyEvent, type BeforeParsing, beforeParsing, type Context } from '@tradewind/core';
import { mustBe, report } from '@tradewind/core/adapter';

/** What keeps spans, or metrics, until they are exported: a provider of OpenTelemetry's SDK. */
export interface Flushable {
  forceFlush(): Promise<unknown>;
}

/**
 * Exports what there is when an invocation ends: an instance may be frozen right after its answer, and never wake. It is
 * background work, so it takes no more than the margin before the deadline, and a failure of it changes nothing.
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
  return beforeParsing(async (_event, { waitUntil, log }, next) => {
    try {
      return await next();
    } finally {
      // In a step of its own, so that one that throws at once is one that rejects.
      const flushed = Promise.resolve().then(() => provider.forceFlush());
      waitUntil(
        flushed.catch((error) => report(log, 'warn', 'What flushOnEnd(...) was to export could not be.', { error })),
      );
    }
  });
}
