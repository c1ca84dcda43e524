import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { defineFunction, type FunctionOf, http } from '@tradewind/core';
import { flushOnEnd, tracing } from '@tradewind/telemetry';

/** A function whose spans are exported in batches, which `flushOnEnd` ends. */
export function greeting(exporter: SpanExporter): FunctionOf<'http'> {
  // Longer than any test takes.
  const batches = new BatchSpanProcessor(exporter, { scheduledDelayMillis: 600_000 });
  const provider = new BasicTracerProvider({ spanProcessors: [batches] });
  const fn = defineFunction.use(flushOnEnd(provider)).use(tracing({ provider }));
  return fn('greet', http({ method: 'GET', path: '/hello/:name' })).handle(({ params }) => `hello ${params.name}`);
}
