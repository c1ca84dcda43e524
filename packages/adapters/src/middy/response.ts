import { FunctionError, type HttpResult, type ResultHeaders } from '@tradewind/core';
import { bytesIn, describe, fromBase64, isBytes, isStream, toBase64 } from '@tradewind/core/adapter';

import type { MiddyResponse } from './types.js';

/** A result in the format that middlewares change. */
export function toMiddyResponse({ status, headers, cookies, body }: HttpResult): MiddyResponse {
  const joined = Object.entries(headers).map(([name, value]) => [name, String(value)]);
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
  const { statusCode = 200, headers, cookies = [], body, isBase64Encoded = false } = response;
  const plain: Record<string, string | readonly string[]> = {};
  const set: string[] = typeof cookies === 'string' ? [cookies] : [...cookies];
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value === undefined || value === null) continue;
    if (name.toLowerCase() === 'set-cookie') set.push(String(value));
    else plain[name.toLowerCase()] = kept(name, String(value), given);
  }
  const isSame = given !== undefined && body === textOf(given.body).body;
  return {
    status: statusOf(statusCode),
    headers: plain as ResultHeaders,
    cookies: set,
    body: isSame ? given.body : isBase64Encoded && typeof body === 'string' ? fromText(body) : body,
  };
}

/** As API Gateway accepts it: a number, or a string with a number. */
function statusOf(statusCode: unknown): number {
  const status = typeof statusCode === 'string' && statusCode.trim() !== '' ? Number(statusCode) : statusCode;
  if (typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599) return status;
  throw new FunctionError(
    'internal',
    `The \`statusCode\` in a middy middleware's response must be a number from 100 to 599; got ${describe(statusCode)}.`,
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

/** A header that they have not changed keeps its separate values. */
function kept(name: string, value: string, given: HttpResult | undefined): string | readonly string[] {
  const before = given?.headers[name];
  return before !== undefined && String(before) === value ? before : value;
}

function textOf(body: unknown): Pick<MiddyResponse, 'body' | 'isBase64Encoded'> {
  if (body === undefined || typeof body === 'string') return { body };
  if (isBytes(body)) return { body: toBase64(bytesIn(body)), isBase64Encoded: true };
  // Only the client may read a stream.
  return { body: isStream(body) ? undefined : JSON.stringify(body) };
}

function isResponse(value: unknown): value is MiddyResponse {
  return (
    typeof value === 'object' && value !== null && ('statusCode' in value || 'headers' in value || 'body' in value)
  );
}
