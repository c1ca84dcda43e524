import { context as active, type Span, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import {
  type AnyEvent,
  type BeforeParsing,
  beforeParsing,
  type Context,
  type Next,
  type Result,
} from '@tradewind/core';
import { checkOptions, type InvocationContext, misconfigured, mustBe } from '@tradewind/core/adapter';
import { safely } from '../safely.js';
import { keepSpan } from '../span.js';
import { watched } from '../watched.js';
import { trackSpan, untrackSpan } from './events.js';
import { installPropagation } from './propagation.js';
import { recordEnd } from './record.js';
import { spanStart } from './spans.js';

/** Options of {@link tracing}. */
export interface TracingOptions {
  /** Default: the provider that is registered with OpenTelemetry's API, if there is one. */
  readonly provider?: TracerProvider;
}

/** What {@link tracing} adds to the context. */
export interface Traced {
  /** The invocation's span; undefined if no OpenTelemetry SDK is registered. */
  readonly span?: Span;
}

const NAME = '@tradewind/telemetry';

/**
 * Creates a span for every request and message, in the trace that it belongs to: the caller's or the sender's, in any
 * of the supported formats (W3C, X-Ray, Google Cloud, Azure, CloudEvents), or the platform's. Messages sent with
 * `sender(...)` carry the trace on. The span has the outcome, retries, circuit changes and idempotency keys.
 *
 * It uses OpenTelemetry's API only: without an SDK it does nothing and costs almost nothing.
 *
 * @returns a layer that runs before parsing: put it first.
 * @throws FunctionError `misconfigured` if the provider is not a tracer provider.
 * @example
 * ```ts
 * import { defineFunction, http, json } from '@tradewind/core';
 * import { tracing } from '@tradewind/telemetry';
 *
 * const fn = defineFunction.use(tracing());
 * export const place = fn('place', http({ method: 'POST', path: '/orders' })).handle(({ body }, { span }) => {
 *   span?.setAttribute('order.size', JSON.stringify(body).length);
 *   return json(202, {});
 * });
 * ```
 */
export function tracing(options: TracingOptions = {}): BeforeParsing<AnyEvent, Context, Traced> {
  if (typeof (options as Partial<TracerProvider> | null)?.getTracer === 'function') {
    throw misconfigured('tracing(...): pass the provider as an option: tracing({ provider }).');
  }
  checkOptions('tracing', options, ['provider']);
  const { provider } = options;
  if (provider !== undefined) mustBe('function', provider?.getTracer, 'tracing(...): `provider.getTracer`');
  installPropagation();
  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
  return beforeParsing<Traced, AnyEvent, Context<any>>((event, context, next) => {
    const invocation = context as InvocationContext;
    const tracer = tracerOf(provider, invocation);
    return tracer ? traced(tracer, event, invocation, next) : next();
  }) as BeforeParsing<AnyEvent, Context, Traced>;
}

/** The tracer, if an SDK is behind it. */
function tracerOf(
  provider: TracerProvider = trace.getTracerProvider(),
  context: InvocationContext,
): Tracer | undefined {
  const { getDelegateTracer } = provider as { getDelegateTracer?(name: string): Tracer | undefined };
  return safely(context, () => (getDelegateTracer ? getDelegateTracer.call(provider, NAME) : provider.getTracer(NAME)));
}

function traced(tracer: Tracer, event: AnyEvent, context: InvocationContext, next: Next): Promise<Result<Traced>> {
  const begun = safely(context, () => {
    const { name, parent, ...options } = spanStart(event, context);
    return { parent, span: tracer.startSpan(name, options, parent) };
  });
  // Tracing must not fail the invocation.
  if (!begun) return next() as Promise<Result<Traced>>;
  const { span, parent } = begun;
  const { invocationId } = context;
  keepSpan(context, span);
  trackSpan(invocationId, span);
  let running: Promise<Result<Traced>> | undefined;
  const inside = (): Promise<Result<Traced>> => {
    // Set even if a layer throws synchronously, so that it does not run twice.
    running = (async () => next({ span }))();
    return running;
  };
  const run = (): Promise<Result<Traced>> => {
    safely(context, () => active.with(trace.setSpan(parent, span), inside));
    return running ?? inside();
  };
  return watched(event, context, run, {
    left: () => untrackSpan(invocationId, span),
    ended(end) {
      safely(context, () => recordEnd(span, event, end));
      span.end();
    },
  });
}
