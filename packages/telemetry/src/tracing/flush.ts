import { type AnyEvent, type BeforeParsing, beforeParsing, type Context, FunctionError } from '@tradewind/core';
import { type InvocationContext, inTime, mustBe, report } from '@tradewind/core/adapter';

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
 * @returns a layer: put it outside `tracing()`, so that the span has ended by then.
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
  mustBe('function', provider?.forceFlush, 'flushOnEnd(...): `provider.forceFlush`');
  return beforeParsing(async (_event, context, next) => {
    const { clock, extendLife } = context as unknown as InvocationContext;
    try {
      return await next();
    } finally {
      // Inside then(), so that a forceFlush that throws synchronously rejects.
      const flushed = Promise.resolve().then(() => provider.forceFlush());
      context.waitUntil(
        (extendLife ? flushed : inTime(clock, LONGEST, flushed, late)).catch((error) =>
          report(context.log, 'warn', 'flushOnEnd(...) could not export the telemetry.', { error }),
        ),
      );
    }
  });
}

function late(): FunctionError {
  return new FunctionError('timeout', `The export takes more than ${LONGEST} ms. It goes on if the instance lives on.`);
}
