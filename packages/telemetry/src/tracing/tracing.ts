import { context as active, type Span, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import {
  type AnyEvent,
  type BeforeParsing,
  beforeParsing,
  type Context,
  type Next,
  type Result,
} from '@tradewind/core';
import { checkOptions, type InvocationContext, mustBe } from '@tradewind/core/adapter';
import { whenTooLate } from '../deadline.js';
import { safely } from '../safely.js';
import { keepSpan } from '../span.js';
import { ended, failed, tooLate } from './ends.js';
import { began, over } from './events.js';
import { injects } from './inject.js';
import { begunBy } from './spans.js';

/** What {@link tracing} is given. */
export interface TracingOptions {
  /** Default: the one that is registered with OpenTelemetry's API, when there is one. */
  readonly provider?: TracerProvider;
}

/** What {@link tracing} adds to the context. */
export interface Traced {
  /** The invocation's span; undefined where no SDK of OpenTelemetry's is registered. */
  readonly span?: Span;
}

const NAME = '@tradewind/telemetry';

/**
 * A span for every invocation, request or message, in the trace that it belongs to: the caller's or the sender's, whichever
 * format they speak (W3C, X-Ray, Google Cloud, Azure, CloudEvents), or the platform's. What `sender(...)` sends tells of it. The
 * outcome, retries, circuits and idempotency keys are on the span.
 *
 * It uses the API of OpenTelemetry alone: without an SDK it does nothing, and costs next to nothing.
 *
 * @returns a layer that stands outside parsing: put it first.
 * @throws FunctionError `misconfigured` where the provider is none.
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
  checkOptions('tracing', options, ['provider']);
  const { provider } = options;
  if (provider !== undefined) mustBe('function', provider.getTracer, 'The provider of tracing(...): its getTracer');
  injects();
  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
  return beforeParsing<Traced, AnyEvent, Context<any>>((event, context, next) => {
    const tracer = tracerOf(provider);
    return tracer ? traced(tracer, event, context as InvocationContext, next) : next();
  }) as BeforeParsing<AnyEvent, Context, Traced>;
}

/** The tracer, where an SDK stands behind it. */
function tracerOf(provider: TracerProvider = trace.getTracerProvider()): Tracer | undefined {
  const { getDelegateTracer } = provider as { getDelegateTracer?(name: string): Tracer | undefined };
  return safely(() => (getDelegateTracer ? getDelegateTracer.call(provider, NAME) : provider.getTracer(NAME)));
}

async function traced(
  tracer: Tracer,
  event: AnyEvent,
  context: InvocationContext,
  next: Next,
): Promise<Result<Traced>> {
  const begun = safely(() => {
    const { name, parent, ...options } = begunBy(event, context);
    return { parent, span: tracer.startSpan(name, options, parent) };
  });
  // To watch is no reason to fail.
  if (!begun) return next();
  const { span, parent } = begun;
  const { invocationId } = context;
  keepSpan(context, span);
  began(invocationId, span);
  let isOver = false;
  const end = (say: () => void): void => {
    if (isOver) return;
    isOver = true;
    safely(say);
    safely(() => span.end());
    over(invocationId, span);
  };
  const stop = whenTooLate(event, context, () => end(() => tooLate(span, event)));
  try {
    const result = await active.with(trace.setSpan(parent, span), () => next({ span }));
    end(() => ended(span, event, context.functionName, result));
    return result;
  } catch (error) {
    end(() => failed(span, error));
    throw error;
  } finally {
    stop();
  }
}
