import { fromBase64, toBase64 } from '../base64.js';
import { FunctionError } from '../errors.js';
import type { CloudEvent } from '../messages/event.js';

/** The attributes that are members of a CloudEvent. Any other one is an extension. */
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

/** The event with bytes moved to `data_base64`, because JSON has none. */
export function withoutBytes<Event extends { readonly data: unknown }>(
  event: Event,
): Event & { readonly data_base64?: string } {
  const { data } = event;
  if (!(data instanceof Uint8Array)) return event;
  return { ...event, data: undefined, data_base64: toBase64(data) };
}

/**
 * Unwraps a structured CloudEvent in a message's data: data with `specversion: "1.0"`, an id, a source and a type.
 * Returns any other message as it is. The platform's extensions override those of the sender.
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
    // Its own trace, or if it has none, that of the message.
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
    throw new FunctionError('bad_request', "The event's data_base64 is not valid base64.", { cause });
  }
}
