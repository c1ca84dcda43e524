import { type Context, propagation, ROOT_CONTEXT, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import type { CloudEvent, HttpEvent } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { type Carried, fromCloudTrace, fromW3c, fromXRay } from './formats.js';

/** The parent of a request: the caller's trace from any of its headers, or the trace that the platform started. */
export function requestParent({ headers }: HttpEvent, context: InvocationContext): Context {
  const get = (name: string): string | undefined => headers.get(name) ?? undefined;
  return (
    byPropagator(get) ??
    within(
      fromW3c({ traceparent: get('traceparent'), tracestate: get('tracestate') }) ??
        fromCloudTrace(get('x-cloud-trace-context')) ??
        fromXRay(get('x-amzn-trace-id')) ??
        platformParent(context),
    )
  );
}

/** The parent of a message: its sender's trace. */
export function messageParent(event: CloudEvent): Context | undefined {
  const { traceparent, tracestate, extensions } = event;
  const carrier: Readonly<Record<string, unknown>> = { ...extensions, traceparent, tracestate };
  const own = byPropagator((name) => textOf(carrier[name]));
  if (own) return own;
  // The adapters have read their platforms' W3C contexts already; X-Ray's is another format.
  const parent = fromW3c(event) ?? fromXRay(extensions.awstraceheader);
  return parent && within(parent);
}

/** The trace that the platform started for an invocation, if it is sampled. */
export function platformParent({ platform, native }: InvocationContext): SpanContext | undefined {
  if (platform === 'azure') {
    const { traceContext } = (native.context ?? {}) as { traceContext?: { traceParent?: string; traceState?: string } };
    const begun = fromW3c({ traceparent: traceContext?.traceParent, tracestate: traceContext?.traceState } as Carried);
    return begun?.traceFlags === TraceFlags.SAMPLED ? begun : undefined;
  }
  if (platform !== 'lambda') return undefined;
  // If several invocations overlap, the id is in the runtime's context and not in the environment.
  const { xRayTraceId } = (native.context ?? {}) as { xRayTraceId?: string };
  return fromXRay(xRayTraceId ?? process.env._X_AMZN_TRACE_ID);
}

/** The registered propagators, if there are any: B3, baggage. */
function byPropagator(get: (name: string) => string | undefined): Context | undefined {
  const context = propagation.extract(ROOT_CONTEXT, get, { get: (carrier, name) => carrier(name), keys: () => [] });
  return trace.getSpanContext(context) ? context : undefined;
}

function within(parent: SpanContext | undefined): Context {
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
