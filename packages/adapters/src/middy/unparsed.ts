import { FunctionError, type Kind } from '@tradewind/core';
import { bytesIn, describe, isBytes, toBase64 } from '@tradewind/core/adapter';

type Fields = Readonly<Record<string, unknown>>;

/**
 * An event whose bodies are text again, as Lambda gives them. Body parsers put a value in their place, which other middlewares may have
 * changed, so that it is what counts: the function parses its text, for its schema.
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

/** What was a form is JSON now, and is read by what its type says. */
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

/** @throws FunctionError `misconfigured` for what JSON does not have: a file, or a reviver's BigInt. */
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
    `toMiddy(...): a body that a middleware has parsed must be a JSON value; got ${describe(body)}. Leave the body parser out: the function parses bodies itself.`,
    { cause },
  );
}

function withoutBytes(this: Fields, key: string, value: unknown): unknown {
  // The value of bytes with a JSON form of their own, a Buffer, is that form here.
  if (isBytes(this[key])) throw new TypeError('JSON has no bytes.');
  return value;
}
