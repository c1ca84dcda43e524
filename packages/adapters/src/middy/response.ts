import { empty, FunctionError, type HttpResult } from '@tradewind/core';
import { bytesIn, describe, fromBase64, isBytes, isStream, toBase64 } from '@tradewind/core/adapter';

import { spelled } from './header-names.js';
import type { MiddyResponse } from './types.js';

/** A result in the format that middlewares change. */
export function toMiddyResponse({ status, headers, cookies, body }: HttpResult): MiddyResponse {
  const joined = Object.entries(headers).map(([name, value]) => [spelled(name), String(value)]);
  return {
    statusCode: status,
    headers: Object.fromEntries(joined) as Record<string, string>,
    ...(cookies.length > 0 && { cookies }),
    ...textOf(body),
  };
}

/** Converts the middlewares' response to a result. A body that they have not changed stays the given one. */
export function fromMiddyResponse(response: unknown, given: HttpResult | undefined): unknown {
  if (!isResponse(response)) return response;
  const { statusCode = 200, cookies = [], body, isBase64Encoded = false } = response;
  const headers = headersOf(response, given);
  const set = headers.get('set-cookie') ?? [];
  headers.delete('set-cookie');
  const isSame = given !== undefined && body === textOf(given.body).body;
  return {
    ...empty(statusOf(statusCode)),
    headers: Object.fromEntries([...headers].map(([name, values]) => [name, values.length === 1 ? values[0] : values])),
    cookies: [...[cookies].flat(), ...set],
    body: isSame ? given.body : isBase64Encoded && typeof body === 'string' ? fromText(body) : body,
  };
}

/** As API Gateway accepts it: a number, or a string with a number. */
function statusOf(statusCode: unknown): number {
  const status = typeof statusCode === 'string' && statusCode.trim() !== '' ? Number(statusCode) : statusCode;
  if (typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599) return status;
  throw new FunctionError(
    'internal',
    `The \`statusCode\` in a middy middleware's response must be a number from 100 to 599; got ${typeof statusCode === 'number' ? statusCode : describe(statusCode)}.`,
  );
}

function fromText(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch (cause) {
    throw new FunctionError(
      'internal',
      "The `body` in a middy middleware's response is marked as base64, but is not valid base64.",
      { cause },
    );
  }
}

/** Merges both formats of headers as API Gateway does: a value that is in both is sent once. */
export function headersOf(
  { headers, multiValueHeaders }: MiddyResponse,
  given?: HttpResult,
): Map<string, readonly string[]> {
  const all = valuesOf(multiValueHeaders);
  const before = valuesOf(given?.headers);
  for (const [name, values] of valuesOf(headers)) {
    const others = all.get(name) ?? [];
    // A header that they have not changed keeps its separate values.
    const kept = String(before.get(name)) === String(values) ? before.get(name) : values;
    all.set(name, [...others, ...(kept ?? []).filter((value) => !others.includes(value))]);
  }
  return all;
}

/** The values of each header, by its name in lower case. If there are two spellings, the later one counts. */
function valuesOf(headers: object | null | undefined): Map<string, readonly string[]> {
  const lists = Object.entries(headers ?? {}).map(([name, value]): [string, readonly string[]] => [
    name.toLowerCase(),
    [value].flat().filter(isGiven).map(String),
  ]);
  return new Map(lists.filter(([, values]) => values.length > 0));
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function textOf(body: unknown): Pick<MiddyResponse, 'body' | 'isBase64Encoded'> {
  if (body === undefined || body === null) return { body: undefined };
  // Middy's own middlewares accept a stream and may pipe it on. Its identity also shows that it was not changed.
  if (typeof body === 'string' || isStream(body)) return { body };
  if (isBytes(body)) return { body: toBase64(bytesIn(body)), isBase64Encoded: true };
  return { body: JSON.stringify(body) };
}

/** Cancels a stream that is not sent, unless another stream is sent in its place: that one may read it, even later. */
export function cancelUnsent(given: HttpResult | undefined, sent?: HttpResult): void {
  if (isStream(given?.body) && !isStream(sent?.body)) given.body.cancel().catch(() => {});
}

function isResponse(value: unknown): value is MiddyResponse {
  return (
    typeof value === 'object' && value !== null && ('statusCode' in value || 'headers' in value || 'body' in value)
  );
}
