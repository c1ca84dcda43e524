import { type Context, propagation, ROOT_CONTEXT, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import type { CloudEvent, HttpEvent } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { type Carried, fromCloudTrace, fromW3c, fromXRay } from './formats.js';

/** What a request continues: the caller's trace by any of its headers, or the one that the platform has begun. */
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

/** What a message continues: its sender's trace. */
export function messageParent(event: CloudEvent): Context | undefined {
  const { traceparent, tracestate, extensions } = event;
  const carrier: Readonly<Record<string, unknown>> = { ...extensions, traceparent, tracestate };
  const own = byPropagator((name) => textOf(carrier[name]));
  if (own) return own;
  // The adapters have read what their platforms have of W3C's; X-Ray's is another format.
  const parent = fromW3c(event) ?? fromXRay(extensions.awstraceheader);
  return parent && within(parent);
}

/** The trace that the platform has begun for an invocation, where it records one. */
export function platformParent({ platform, native }: InvocationContext): SpanContext | undefined {
  if (platform === 'azure') {
    const { traceContext } = (native.context ?? {}) as { traceContext?: { traceParent?: string; traceState?: string } };
    const begun = fromW3c({ traceparent: traceContext?.traceParent, tracestate: traceContext?.traceState } as Carried);
    return begun?.traceFlags === TraceFlags.SAMPLED ? begun : undefined;
  }
  if (platform !== 'lambda') return undefined;
  // Where several invocations overlap the runtime says it in the context, and nothing in the environment.
  const { xRayTraceId } = (native.context ?? {}) as { xRayTraceId?: string };
  return fromXRay(xRayTraceId ?? process.env._X_AMZN_TRACE_ID);
}

/** The user's own propagators, where there are some: B3, baggage. */
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
