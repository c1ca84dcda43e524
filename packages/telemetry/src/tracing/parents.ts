import {
  context as active,
  type Context,
  propagation,
  ROOT_CONTEXT,
  type SpanContext,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import type { CloudEvent, HttpEvent } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { type Carried, fromCloudTrace, fromW3c, fromXRay } from './formats.js';

/** The parent of a span. */
export interface Parent {
  /** The OpenTelemetry context around the span: the one that was active, with incoming baggage and the parent. */
  readonly context: Context;
  /** The trace context that came with the event, if any. */
  readonly remote?: SpanContext | undefined;
}

type Get = (name: string) => string | undefined;

/** The parent of a request: the caller's trace from any of its headers, or the trace that the platform started. */
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

/** The parent of a message: its sender's trace, or the trace that the platform started. */
export function messageParent(event: CloudEvent, context: InvocationContext): Parent {
  const { traceparent, tracestate, extensions } = event;
  // Azure's adapter gives a message without a trace the platform's trace, which is not its sender's.
  const isOwn = traceparent === undefined || traceparent !== azureTrace(context)?.traceParent;
  const carrier: Readonly<Record<string, unknown>> = isOwn ? { ...extensions, traceparent, tracestate } : extensions;
  // The adapters have read their platforms' W3C contexts already; X-Ray's is another format.
  return parentOf(
    (name) => textOf(carrier[name]),
    () => (isOwn ? fromW3c(event) : undefined) ?? fromXRay(extensions.awstraceheader),
    context,
  );
}

/** The parent of a span for a whole batch: the span that is active already, or the trace that the platform started. */
export function invocationParent(context: InvocationContext): Parent {
  return parentOf(
    () => undefined,
    () => undefined,
    context,
  );
}

/** @param known - reads the formats that need no registered propagator. */
function parentOf(get: Get, known: () => SpanContext | undefined, context: InvocationContext): Parent {
  const around = active.active();
  const here = trace.getSpan(around);
  // The registered propagators, if there are any: B3, baggage.
  const extracted = extract(here ? trace.deleteSpan(around) : around, get);
  const remote = trace.getSpanContext(extracted) ?? known();
  // An instrumentation outside has continued the same trace already: its span is the nearer parent.
  if (here && (!remote || here.spanContext().traceId === remote.traceId)) {
    return { context: trace.setSpan(extracted, here), remote };
  }
  const parent = remote ?? platformTrace(context);
  // What is around another trace, its baggage say, is not the event's.
  const base = here ? extract(ROOT_CONTEXT, get) : extracted;
  return { context: parent ? trace.setSpanContext(base, parent) : base, remote };
}

function extract(base: Context, get: Get): Context {
  return propagation.extract(base, get, { get: (carrier, name) => carrier(name), keys: () => [] });
}

/** The trace that the platform started for an invocation, if it is sampled. */
export function platformTrace(context: InvocationContext): SpanContext | undefined {
  if (context.platform === 'azure') {
    const { traceParent, traceState } = azureTrace(context) ?? {};
    const begun = fromW3c({ traceparent: traceParent, tracestate: traceState } as Carried);
    return begun?.traceFlags === TraceFlags.SAMPLED ? begun : undefined;
  }
  if (context.platform !== 'lambda') return undefined;
  // If several invocations overlap, the id is in the runtime's context and not in the environment.
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
