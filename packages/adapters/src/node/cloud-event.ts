import type { CloudEvent, FunctionError, HttpEvent } from '@tradewind/core';
import { fromCloudEvent, fromHeaders } from '../shared/cloud-event.js';

/** An event, and why it cannot be handled. */
export interface PostedEvent {
  readonly event: CloudEvent;
  readonly error?: FunctionError | undefined;
}

/**
 * The CloudEvent that was posted, in either content mode. Undefined for a batch of events, and for anything else.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export function postedEvent({ headers, body }: HttpEvent): PostedEvent | undefined {
  const type = headers.get('content-type') ?? undefined;
  if (/^application\/cloudevents\+json\b/i.test(type ?? '')) return inTrace(fromCloudEvent(body), headers);
  if (/^application\/cloudevents/i.test(type ?? '')) return undefined;
  const own: [string, string][] = [];
  for (const [name, value] of headers) {
    // `ce-data_base64` is not an attribute, and would replace the body.
    if (/^ce-[a-z0-9]+$/.test(name)) own.push([name.slice('ce-'.length), value]);
  }
  const { attributes, error } = fromHeaders(own);
  return inTrace(fromCloudEvent({ ...attributes, datacontenttype: type, data: body }), headers, error);
}

/** An event without a trace continues the trace of the request. */
function inTrace(
  event: CloudEvent | undefined,
  headers: HttpEvent['headers'],
  error?: FunctionError,
): PostedEvent | undefined {
  const traceparent = headers.get('traceparent');
  if (!event || event.traceparent !== undefined || traceparent === null) return event && { event, error };
  const baggage = headers.get('baggage');
  const traced = {
    ...event,
    traceparent,
    tracestate: headers.get('tracestate') ?? undefined,
    extensions: { ...(baggage !== null && { baggage }), ...event.extensions },
  };
  return { event: traced, error };
}
