import { FunctionError, type Kind } from '@tradewind/core';
import { bytesIn, describe, isBytes, toBase64 } from '@tradewind/core/adapter';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Converts the bodies of an event back to text, as Lambda passes them. Body parsers replace them with values, which
 * other middlewares may have changed: the function parses the text of the changed value with its schema.
 */
export function unparsed(event: unknown, kind: Kind): unknown {
  const { body, Records: records } = Object(event) as Fields;
  if (kind === 'http' && isParsed(body)) return request(event as Fields, body);
  if (kind === 'queue' && Array.isArray(records)) return { ...(event as object), Records: records.map(message) };
  return event;
}

function isParsed(body: unknown): boolean {
  return body !== undefined && body !== null && typeof body !== 'string';
}

function request(event: Fields, body: unknown): Fields {
  if (isBytes(body)) return { ...event, body: toBase64(bytesIn(body)), isBase64Encoded: true };
  const { headers, multiValueHeaders } = event as { headers?: Fields | null; multiValueHeaders?: Fields | null };
  return {
    ...event,
    headers: asJson(headers ?? {}),
    ...(multiValueHeaders && { multiValueHeaders: asJson(multiValueHeaders) }),
    body: toJson(body),
    isBase64Encoded: false,
  };
}

/** Sets the content type, which decides how a body is read: a parsed form is JSON now. */
function asJson(headers: Fields): Fields {
  const isType = (name: string): boolean => name.toLowerCase() === 'content-type';
  const given = Object.entries(headers);
  if (given.some(([name, value]) => isType(name) && /[/+]json\b/i.test(String(value)))) return headers;
  return Object.fromEntries([...given.filter(([name]) => !isType(name)), ['content-type', 'application/json']]);
}

function message(record: unknown): unknown {
  const { body } = Object(record) as Fields;
  return isParsed(body) ? { ...(record as object), body: toJson(body) } : record;
}

/** @throws FunctionError `misconfigured` for a value that JSON cannot represent: a file, or a reviver's BigInt. */
function toJson(body: unknown): string {
  let cause: unknown;
  try {
    const json = JSON.stringify(body, withoutBytes);
    if (json !== undefined) return json;
  } catch (error) {
    cause = error;
  }
  throw new FunctionError(
    'misconfigured',
    `toMiddy(...): a body that a middleware has parsed must be a JSON value; got ${describe(body)}. ` +
      'Leave the body parser out: the function parses bodies itself.',
    { cause },
  );
}

function withoutBytes(this: Fields, key: string, value: unknown): unknown {
  // Not `value`: for a Buffer, that is already the result of its `toJSON`.
  if (isBytes(this[key])) throw new TypeError('JSON has no bytes.');
  return value;
}
