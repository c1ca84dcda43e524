import { createTraceState, type SpanContext, type TraceState } from '@opentelemetry/api';

/** What carries a trace between processes. */
export interface Carried {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const NOTHING = /^0+$/;

/**
 * A `traceparent` and its `tracestate`; undefined where the first is none: then the second counts for nothing, either.
 *
 * @see https://www.w3.org/TR/trace-context/
 */
export function fromW3c({ traceparent, tracestate }: Carried): SpanContext | undefined {
  if (typeof traceparent !== 'string') return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(traceparent.trim()) ?? [];
  // Of a version that nobody knows yet the first parts are the same, and others may follow; 255 is none.
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  return remote(traceId, spanId, Number.parseInt(flags, 16), stateOf(tracestate));
}

/**
 * A sampled `X-Amzn-Trace-Id` header, `_X_AMZN_TRACE_ID` or `AWSTraceHeader`: `Root=1-...;Parent=...;Sampled=1`.
 * What does not trace says `Sampled=0` of everything, as Lambda does by default: taken for a decision, it would drop every span.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export function fromXRay(header: unknown): SpanContext | undefined {
  if (typeof header !== 'string') return undefined;
  const parts = new Map(header.split(';').map((part) => part.trim().split('=', 2) as [string, string]));
  const [, time, rest] = /^1-([\da-f]{8})-([\da-f]{24})$/.exec(parts.get('Root') ?? '') ?? [];
  if (!time || !rest) return undefined;
  return parts.get('Sampled') === '1' ? remote(`${time}${rest}`, parts.get('Parent') ?? '', 1) : undefined;
}

/**
 * An `X-Cloud-Trace-Context` header: `TRACE_ID/SPAN_ID;o=1`, whose span is a decimal number.
 *
 * @see https://cloud.google.com/trace/docs/trace-context
 */
export function fromCloudTrace(header: unknown): SpanContext | undefined {
  if (typeof header !== 'string') return undefined;
  const [, traceId, span, sampled] = /^([\da-f]{32})\/(\d{1,20})(?:;o=(\d))?$/i.exec(header.trim()) ?? [];
  if (!traceId || !span) return undefined;
  const spanId = BigInt(span).toString(16).padStart(16, '0');
  return remote(traceId.toLowerCase(), spanId, sampled === '1' ? 1 : 0);
}

/** A span as `traceparent` and `tracestate`. */
export function toW3c({ traceId, spanId, traceFlags, traceState }: SpanContext): Carried {
  const state = traceState?.serialize();
  const flags = (traceFlags & 1).toString(16).padStart(2, '0');
  return { traceparent: `00-${traceId}-${spanId}-${flags}`, ...(state && { tracestate: state }) };
}

function remote(traceId: string, spanId: string, flags: number, traceState?: TraceState): SpanContext | undefined {
  if (!/^[\da-f]{32}$/.test(traceId) || !/^[\da-f]{16}$/.test(spanId)) return undefined;
  if (NOTHING.test(traceId) || NOTHING.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: flags & 1, isRemote: true, ...(traceState && { traceState }) };
}

/** A longer one may be cut off, or left out whole. */
const LONGEST_STATE = 512;
const MEMBER = /^[a-z\d][-_*/@a-z\d]{0,255}=[ -+\--<>-~]{0,255}[!-+\--<>-~]$/;

/** One member that is none makes all of it none. */
function stateOf(tracestate: unknown): TraceState | undefined {
  if (typeof tracestate !== 'string' || tracestate.length > LONGEST_STATE) return undefined;
  const members = tracestate
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const keys = new Set(members.map((member) => member.split('=', 1)[0]));
  const isRight =
    members.length <= 32 && keys.size === members.length && members.every((member) => MEMBER.test(member));
  return isRight && members.length > 0 ? createTraceState(members.join(',')) : undefined;
}
