import type { CloudEvent, HttpEvent } from '@tradewind/core';
import { fromCloudEvent } from '../shared/cloud-event.js';

/**
 * The CloudEvent that was posted, in either content mode; undefined for what is none, and for several at once.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export function postedEvent({ headers, body }: HttpEvent): CloudEvent | undefined {
  const type = headers.get('content-type') ?? undefined;
  if (/^application\/cloudevents\+json\b/i.test(type ?? '')) return inTrace(fromCloudEvent(body), headers);
  const attributes: Record<string, string> = Object.create(null);
  for (const [name, value] of headers) {
    // `ce-data_base64` is no attribute, and would take the place of the body.
    if (/^ce-[a-z0-9]+$/.test(name)) attributes[name.slice('ce-'.length)] = decoded(value);
  }
  if (/^application\/cloudevents/i.test(type ?? '')) return undefined;
  return inTrace(fromCloudEvent({ ...attributes, datacontenttype: type, data: body }), headers);
}

/** The trace of the request goes on, where the event has none of its own. */
function inTrace(event: CloudEvent | undefined, headers: HttpEvent['headers']): CloudEvent | undefined {
  const traceparent = headers.get('traceparent');
  if (!event || event.traceparent !== undefined || traceparent === null) return event;
  return { ...event, traceparent, tracestate: headers.get('tracestate') ?? undefined };
}

/** Header values are percent-encoded UTF-8 where they are not plain text. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
