import type { CloudEvent, HttpEvent } from '@tradewind/core';
import {
  type Awaitable,
  bytesIn,
  decodePercent,
  type HttpRequestEvent,
  isBytes,
  rawData,
  withoutMark,
} from '@tradewind/core/adapter';
import { canonical, digest } from './digest.js';

/**
 * A digest of everything that a request asks for, the same on every platform: some decode the path and the query, some
 * reorder the query, and a body arrives as text or as bytes.
 */
export function ofRequest(event: HttpEvent): Awaitable<string> {
  const request = event as HttpRequestEvent;
  const path = request.path.replace(/\/$/, '').split('/').map(decodePercent);
  const query = [...new URLSearchParams(request.search())].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return ofBody(`${canonical([request.method, path, query])}\n`, request.raw);
}

/** A digest of a message's data as it arrived, the same for text and for its bytes, and for JSON in either. */
export function ofData(event: CloudEvent): Awaitable<string> {
  const data = rawData(event);
  if (typeof data === 'string' && data !== withoutMark(data)) return ofText(withoutMark(data));
  if (!isBytes(data)) return digest(canonical(data));
  const bytes = bytesIn(data);
  const text = textOf(bytes);
  return text === undefined ? digest(bytes) : ofText(text);
}

function ofText(text: string): Awaitable<string> {
  return digest(valueIn(text) ?? canonical(text));
}

/** Text is digested as its bytes in UTF-8. */
function ofBody(head: string, body: unknown): Awaitable<string> {
  if (typeof body === 'string') return digest(head + withoutMark(body));
  if (!(body instanceof Uint8Array)) return digest(head);
  const start = new TextEncoder().encode(head);
  const rest = body.subarray(isMarked(body) ? MARK.length : 0);
  const all = new Uint8Array(start.length + rest.length);
  all.set(start);
  all.set(rest, start.length);
  return digest(all);
}

/** The byte order mark, which some platforms remove. */
const MARK = [0xef, 0xbb, 0xbf] as const;

function isMarked(bytes: Uint8Array): boolean {
  return MARK.every((byte, index) => bytes[index] === byte);
}

/** Without a byte order mark; undefined if the bytes are not UTF-8. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The value of JSON text, as it is compared. Text of another kind, or a bare number, arrives as text everywhere. */
function valueIn(text: string): string | undefined {
  if (!/^\s*[[{"]/.test(text)) return undefined;
  try {
    return canonical(JSON.parse(text));
  } catch {
    return undefined;
  }
}
