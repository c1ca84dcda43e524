import { fromBase64, toBase64 } from '../base64.js';
import { FunctionError } from '../errors.js';
import type { CloudEvent } from '../messages/event.js';

/** The attributes that an event has a member for. */
const KNOWN = ['id', 'source', 'type', 'time', 'subject', 'datacontenttype', 'dataschema', 'traceparent', 'tracestate'];

/**
 * An event as one JSON value, for a transport without headers.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export function toStructured({ extensions, ...event }: CloudEvent): Readonly<Record<string, unknown>> {
  const type = event.data instanceof Uint8Array ? 'application/octet-stream' : 'application/json';
  return { ...extensions, specversion: '1.0', datacontenttype: type, ...withoutBytes(event) };
}

/** The event with bytes, which JSON does not have, in base64 beside it. */
export function withoutBytes<Event extends { readonly data: unknown }>(
  event: Event,
): Event & { readonly data_base64?: string } {
  const { data } = event;
  if (!(data instanceof Uint8Array)) return event;
  return { ...event, data: undefined, data_base64: toBase64(data) };
}

/**
 * The event in a structured one, or the event itself where its data is none: only `specversion: "1.0"` with an id, a source
 * and a type is unwrapped. What the platform itself says of the message stands above what its sender wrote.
 */
export function unwrapped(event: CloudEvent): CloudEvent {
  const inner = event.data as Readonly<Record<string, unknown>> | null | undefined;
  if (typeof inner !== 'object' || inner?.specversion !== '1.0') return event;
  const { data, data_base64: encoded, specversion: _, ...attributes } = inner;
  const known: Record<string, string> = {};
  const extensions: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (!KNOWN.includes(name)) extensions[name] = value;
    else if (typeof value === 'string') known[name] = value;
  }
  if (!known.id || !known.source || !known.type) return event;
  const own = typeof encoded === 'string' ? decoded(encoded) : data;
  const { traceparent, tracestate } = event;
  return {
    // Its own trace, or else that of the message around it.
    ...(traceparent !== undefined && { traceparent, tracestate: known.traceparent ? undefined : tracestate }),
    ...(known as unknown as CloudEvent),
    extensions: { ...extensions, ...event.extensions },
    data: own,
  };
}

function decoded(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch (cause) {
    throw new FunctionError('bad_request', "The event's data_base64 is no base64.", { cause });
  }
}
