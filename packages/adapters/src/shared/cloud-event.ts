import { type CloudEvent, FunctionError, reject } from '@tradewind/core';
import type { Delivery } from '@tradewind/core/adapter';
import { isText } from './text.js';

/**
 * Wraps a CloudEvent from a platform, or returns undefined for anything else. Its members are read when the delivery is
 * made, which unwraps structured events.
 */
export function fromCloudEvent(event: unknown): CloudEvent | undefined {
  const { specversion, id, source, type } = Object(event) as Readonly<Record<string, unknown>>;
  const isOne = specversion === '1.0' && isText(id) && isText(source) && isText(type);
  return isOne ? { id, source, type, extensions: {}, data: event } : undefined;
}

/** The attributes of an event in binary mode, and why one of them cannot be decoded. */
export interface FromHeaders {
  readonly attributes: Readonly<Record<string, string>>;
  readonly error?: FunctionError;
}

/**
 * Decodes the attributes of an event from the values of its headers: each may be a quoted string, and is
 * percent-encoded UTF-8.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3132-http-header-values
 */
export function fromHeaders(headers: Iterable<readonly [string, string]>): FromHeaders {
  const attributes: Record<string, string> = Object.create(null);
  let error: FunctionError | undefined;
  for (const [name, value] of headers) {
    try {
      attributes[name] = decoded(unquoted(value));
    } catch {
      attributes[name] = value;
      error ??= new FunctionError('bad_request', 'A ce- header of the event is not percent-encoded UTF-8.');
    }
  }
  return error ? { attributes, error } : { attributes };
}

/** A delivery that is rejected if the event could not be decoded. */
export function rejectedIf(error: FunctionError | undefined, delivery: Delivery): Delivery {
  return error ? { ...delivery, error: reject(error) } : delivery;
}

function unquoted(value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(value)?.[1];
  return quoted?.replace(/\\(.)/g, '$1') ?? value;
}

/** Throws for bytes that are not UTF-8. A value with a `%` that begins no escape was not encoded, and stays as it is. */
function decoded(value: string): string {
  const read = value.replace(/(?:%[\da-f]{2})+/gi, (escapes) => decodeURIComponent(escapes));
  return /%(?![\da-f]{2})/i.test(value) ? value : read;
}
