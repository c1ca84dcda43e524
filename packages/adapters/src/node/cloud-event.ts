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
    if (name.startsWith('ce-')) attributes[name.slice('ce-'.length)] = decoded(value);
  }
  if (/^application\/cloudevents/i.test(type ?? '')) return undefined;
  return fromCloudEvent({ ...attributes, datacontenttype: type, data: body });
}

/** Header values are percent-encoded UTF-8 where they are not plain text. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
