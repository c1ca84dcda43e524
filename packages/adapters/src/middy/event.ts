import {
  type HttpRequestEvent,
  type InvocationContext,
  limited,
  type RawBody,
  toBase64,
} from '@tradewind/core/adapter';

import type { MiddyEvent } from './types.js';

const LARGEST = 1_048_576;

/** A request in the form that middlewares read. */
export async function toMiddyEvent(event: HttpRequestEvent, { trigger }: InvocationContext): Promise<MiddyEvent> {
  const { maxBodySize = LARGEST, path: route } = trigger as { maxBodySize?: number; path?: string };
  const { method, path } = event;
  const raw = event.raw === undefined ? undefined : await readAhead(event, maxBodySize);
  const search = event.search();
  const query = Object.fromEntries(new URLSearchParams(search));
  const headers: Record<string, string> = {};
  for (const [name, value] of event.pairs()) {
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  const { cookie, ...others } = headers;
  return {
    version: '2.0',
    routeKey: `${method} ${(route ?? path).replace(/:(\w+)/g, '{$1}')}`,
    rawPath: path,
    rawQueryString: search,
    // As HTTP APIs do, which have cookies beside the headers; middlewares look for them in either place.
    headers: cookie === undefined ? others : { ...others, cookie },
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    ...(search !== '' && { queryStringParameters: query }),
    ...(Object.keys(event.params).length > 0 && { pathParameters: { ...event.params } }),
    requestContext: { http: { method, path } },
    ...bodyOf(raw),
  };
}

/** Reads a body before parsing does, which gets what was read. */
async function readAhead(event: HttpRequestEvent, limit: number): Promise<RawBody> {
  const raw = await event.read(limit);
  event.raw = raw;
  event.read = (most) => limited(raw, most);
  return raw;
}

function bodyOf(raw: string | Uint8Array | undefined): Pick<MiddyEvent, 'body' | 'isBase64Encoded'> {
  if (raw === undefined) return { isBase64Encoded: false };
  if (typeof raw === 'string') return { body: raw, isBase64Encoded: false };
  const text = toText(raw);
  return text === undefined ? { body: toBase64(raw), isBase64Encoded: true } : { body: text, isBase64Encoded: false };
}

function toText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
