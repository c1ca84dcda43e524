import type { CloudEvent } from '../messages/event.js';

/** The attributes that an event has a member for. */
const KNOWN = ['id', 'source', 'type', 'time', 'subject', 'datacontenttype', 'dataschema', 'traceparent', 'tracestate'];

/**
 * An event as one JSON value, for a transport without headers.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export function toStructured({ extensions, ...event }: CloudEvent): Readonly<Record<string, unknown>> {
  return { ...extensions, specversion: '1.0', datacontenttype: 'application/json', ...event };
}

/** The event in a structured one, or the event itself where its data is none: only `specversion: "1.0"` is unwrapped. */
export function unwrapped(event: CloudEvent): CloudEvent {
  const inner = event.data as (Partial<CloudEvent> & { readonly specversion?: unknown }) | null | undefined;
  if (typeof inner !== 'object' || inner?.specversion !== '1.0') return event;
  const { id, source, type } = inner;
  if (typeof id !== 'string' || typeof source !== 'string' || typeof type !== 'string') return event;
  const extensions = { ...event.extensions };
  const known: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(inner)) {
    if (KNOWN.includes(name)) known[name] = value;
    else if (name !== 'data' && name !== 'specversion') extensions[name] = value;
  }
  return { ...(known as unknown as CloudEvent), extensions, data: inner.data };
}
