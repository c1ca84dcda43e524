import { context as active, type Context, propagation, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import type { CloudEvent, HttpEvent } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { type Carried, fromCloudTrace, fromW3c, fromXRay } from './formats.js';

/** What a span continues. */
export interface Parent {
  /** What is to be active around the span: what was, baggage that came, and the parent. */
  readonly context: Context;
  /** What came with the event, where something did. */
  readonly remote?: SpanContext | undefined;
}

type Get = (name: string) => string | undefined;

/** What a request continues: the caller's trace by any of its headers, or the one that the platform has begun. */
export function requestParent({ headers }: HttpEvent, context: InvocationContext): Parent {
  const get: Get = (name) => headers.get(name) ?? undefined;
  return parentOf(
    get,
    () =>
      fromW3c({ traceparent: get('traceparent'), tracestate: get('tracestate') }) ??
      fromCloudTrace(get('x-cloud-trace-context')) ??
      fromXRay(get('x-amzn-trace-id')),
    context,
  );
}

/** What a message continues: its sender's trace, or the one that the platform has begun. */
export function messageParent(event: CloudEvent, context: InvocationContext): Parent {
  const { traceparent, tracestate, extensions } = event;
  // Azure's adapter gives a message that has no trace the platform's, which the invocation has as well.
  const isOwn = traceparent === undefined || traceparent !== azureTrace(context)?.traceParent;
  const carrier: Readonly<Record<string, unknown>> = isOwn ? { ...extensions, traceparent, tracestate } : extensions;
  // The adapters have read what their platforms have of W3C's; X-Ray's is another format.
  return parentOf(
    (name) => textOf(carrier[name]),
    () => (isOwn ? fromW3c(event) : undefined) ?? fromXRay(extensions.awstraceheader),
    context,
  );
}

/** What a span continues that belongs to no event: what is active already, or the trace that the platform has begun. */
export function invocationParent(context: InvocationContext): Parent {
  return parentOf(
    () => undefined,
    () => undefined,
    context,
  );
}

/** @param known - reads the formats that are known without a propagator. */
function parentOf(get: Get, known: () => SpanContext | undefined, context: InvocationContext): Parent {
  const around = active.active();
  // The user's own propagators, where there are some: B3, baggage.
  const extracted = propagation.extract(around, get, { get: (carrier, name) => carrier(name), keys: () => [] });
  const here = trace.getSpan(around);
  const found = trace.getSpan(extracted);
  const remote = found && found !== here ? found.spanContext() : known();
  // An instrumentation around this has continued the same trace, and its span is nearer.
  if (here && (!remote || here.spanContext().traceId === remote.traceId)) {
    return { context: trace.setSpan(extracted, here), remote };
  }
  const parent = remote ?? platformTrace(context);
  return { context: parent ? trace.setSpanContext(extracted, parent) : trace.deleteSpan(extracted), remote };
}

/** The trace that the platform has begun for an invocation, where it records one. */
export function platformTrace(context: InvocationContext): SpanContext | undefined {
  if (context.platform === 'azure') {
    const { traceParent, traceState } = azureTrace(context) ?? {};
    const begun = fromW3c({ traceparent: traceParent, tracestate: traceState } as Carried);
    return begun?.traceFlags === TraceFlags.SAMPLED ? begun : undefined;
  }
  if (context.platform !== 'lambda') return undefined;
  // Where several invocations overlap the runtime says it in the context, and nothing in the environment.
  const { xRayTraceId } = (context.native.context ?? {}) as { xRayTraceId?: string };
  return fromXRay(xRayTraceId ?? process.env._X_AMZN_TRACE_ID);
}

function azureTrace({ platform, native }: InvocationContext): AzureTrace | undefined {
  return platform === 'azure' ? ((native.context ?? {}) as { traceContext?: AzureTrace }).traceContext : undefined;
}

interface AzureTrace {
  readonly traceParent?: string;
  readonly traceState?: string;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
