import { createTraceState, type SpanContext, type TraceState } from '@opentelemetry/api';

/** Headers that carry a trace between processes. */
export interface Carried {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const NOTHING = /^0+$/;

/**
 * Reads a `traceparent` and its `tracestate`; undefined if the `traceparent` is invalid, whatever the `tracestate` is.
 *
 * @see https://www.w3.org/TR/trace-context/
 */
export function fromW3c({ traceparent, tracestate }: Carried): SpanContext | undefined {
  if (typeof traceparent !== 'string') return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(traceparent.trim()) ?? [];
  // A future version starts with the same parts, and others may follow; ff is invalid.
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  return remote(traceId, spanId, Number.parseInt(flags, 16), stateOf(tracestate));
}

/**
 * Reads a sampled `X-Amzn-Trace-Id` header, `_X_AMZN_TRACE_ID` or `AWSTraceHeader`:
 * `Root=1-...;Parent=...;Sampled=1`. `Sampled=0` is not taken as a decision: Lambda sends it with every event if active
 * tracing is off, which would drop every span.
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
 * Reads an `X-Cloud-Trace-Context` header: `TRACE_ID/SPAN_ID;o=1`, with a decimal span id.
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

/** A longer one may be truncated or dropped. */
const LONGEST_STATE = 512;
const MEMBER = /^[a-z\d][-_*/@a-z\d]{0,255}=[ -+\--<>-~]{0,255}[!-+\--<>-~]$/;

/** One invalid member makes the whole value invalid. */
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
