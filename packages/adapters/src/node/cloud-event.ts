import type { CloudEvent, HttpEvent } from '@tradewind/core';
import { fromCloudEvent } from '../shared/cloud-event.js';

/**
 * The CloudEvent that was posted, in either content mode. Undefined for a batch of events, and for anything else.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export function postedEvent({ headers, body }: HttpEvent): CloudEvent | undefined {
  const type = headers.get('content-type') ?? undefined;
  if (/^application\/cloudevents\+json\b/i.test(type ?? '')) return inTrace(fromCloudEvent(body), headers);
  const attributes: Record<string, string> = Object.create(null);
  for (const [name, value] of headers) {
    // `ce-data_base64` is not an attribute, and would replace the body.
    if (/^ce-[a-z0-9]+$/.test(name)) attributes[name.slice('ce-'.length)] = decoded(value);
  }
  if (/^application\/cloudevents/i.test(type ?? '')) return undefined;
  return inTrace(fromCloudEvent({ ...attributes, datacontenttype: type, data: body }), headers);
}

/** An event without a trace continues the trace of the request. */
function inTrace(event: CloudEvent | undefined, headers: HttpEvent['headers']): CloudEvent | undefined {
  const traceparent = headers.get('traceparent');
  if (!event || event.traceparent !== undefined || traceparent === null) return event;
  const baggage = headers.get('baggage');
  return {
    ...event,
    traceparent,
    tracestate: headers.get('tracestate') ?? undefined,
    extensions: { ...(baggage !== null && { baggage }), ...event.extensions },
  };
}

/** Header values that are not plain text are percent-encoded UTF-8. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
