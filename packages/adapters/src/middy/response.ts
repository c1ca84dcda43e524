import { FunctionError, type HttpResult } from '@tradewind/core';
import { bytesIn, describe, fromBase64, isBytes, isStream, toBase64 } from '@tradewind/core/adapter';

import type { MiddyResponse } from './types.js';

/** A result in the form that middlewares change. */
export function toMiddyResponse({ status, headers, cookies, body }: HttpResult): MiddyResponse {
  const joined = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return {
    statusCode: status,
    headers: Object.fromEntries(joined) as Record<string, string>,
    ...(cookies.length > 0 && { cookies }),
    ...textOf(body),
  };
}

/** What came of the middlewares; a body that they have left alone is the one that was given. */
export function fromMiddyResponse(response: unknown, given: HttpResult | undefined): unknown {
  if (!isResponse(response)) return response;
  const { statusCode = 200, cookies = [], body, isBase64Encoded = false } = response;
  const headers = headersOf(response, given);
  const set = headers.get('set-cookie') ?? [];
  headers.delete('set-cookie');
  const isSame = given !== undefined && body === textOf(given.body).body;
  return {
    status: statusOf(statusCode),
    headers: Object.fromEntries([...headers].map(([name, values]) => [name, values.length === 1 ? values[0] : values])),
    cookies: [...[cookies].flat(), ...set],
    body: isSame ? given.body : isBase64Encoded && typeof body === 'string' ? fromText(body) : body,
  };
}

/** As API Gateway takes it: a number, or a text of one. */
function statusOf(statusCode: unknown): number {
  const status = typeof statusCode === 'string' && statusCode.trim() !== '' ? Number(statusCode) : statusCode;
  if (typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599) return status;
  throw new FunctionError(
    'internal',
    `A middy middleware answered with a statusCode that is ${describe(statusCode)}: a number from 100 to 599 is expected.`,
  );
}

function fromText(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch (cause) {
    throw new FunctionError(
      'internal',
      'A middy middleware answered with a body that is marked as base64, and is none.',
      { cause },
    );
  }
}

/** Both forms of headers in one, as API Gateway merges them: a value that is in both goes out once. */
function headersOf(
  { headers, multiValueHeaders }: MiddyResponse,
  given: HttpResult | undefined,
): Map<string, readonly string[]> {
  const all = valuesOf(multiValueHeaders);
  const before = valuesOf(given?.headers);
  for (const [name, values] of valuesOf(headers)) {
    const others = all.get(name) ?? [];
    // A header that they have left alone stays several where it was.
    const kept = String(before.get(name)) === String(values) ? before.get(name) : values;
    all.set(name, [...others, ...(kept ?? []).filter((value) => !others.includes(value))]);
  }
  return all;
}

/** The values of each header, by its name in lower case. Of two spellings the later one counts. */
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
  // A stream is given as middy's own middlewares take one, who may pipe it on. It tells, too, who has left it alone.
  if (typeof body === 'string' || isStream(body)) return { body };
  if (isBytes(body)) return { body: toBase64(bytesIn(body)), isBase64Encoded: true };
  return { body: JSON.stringify(body) };
}

/** Ends a stream that is not sent. Another one in its place may read it, now or when it is read itself. */
export function cancelUnsent(given: HttpResult | undefined, sent?: HttpResult): void {
  if (isStream(given?.body) && !isStream(sent?.body)) given.body.cancel().catch(() => {});
}

function isResponse(value: unknown): value is MiddyResponse {
  return (
    typeof value === 'object' && value !== null && ('statusCode' in value || 'headers' in value || 'body' in value)
  );
}
