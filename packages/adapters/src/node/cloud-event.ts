import type { CloudEvent, HttpEvent } from '@tradewind/core';
import { fromCloudEvent } from '../shared/cloud-event.js';

/**
 * The CloudEvent that was posted, in either content mode; undefined for what is none, and for several at once.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export function postedEvent({ headers, body }: HttpEvent): CloudEvent | undefined {
  const type = headers.get('content-type') ?? undefined;
  if (/^application\/cloudevents\+json\b/i.test(type ?? '')) return fromCloudEvent(body);
  const attributes: Record<string, string> = Object.create(null);
  for (const [name, value] of headers) {
    // `ce-data_base64` is no attribute, and would take the place of the body.
    if (/^ce-[a-z0-9]+$/.test(name)) attributes[name.slice('ce-'.length)] = decoded(value);
  }
  if (/^application\/cloudevents/i.test(type ?? '')) return undefined;
  // The trace of the request goes on, where the event has none of its own.
  const traceparent = attributes.traceparent ?? headers.get('traceparent') ?? undefined;
  return fromCloudEvent({ ...attributes, traceparent, datacontenttype: type, data: body });
}

/** Header values are percent-encoded UTF-8 where they are not plain text. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
