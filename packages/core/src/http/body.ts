import { FunctionError } from '../errors.js';
import { parseJson } from '../json.js';
import type { Awaitable } from '../thenable.js';
import { parseForm } from './records.js';

/** A request's body as a platform hands it over. */
export type BodySource = string | Uint8Array | ReadableStream<Uint8Array> | undefined;
/** A body that has been read. */
export type RawBody = string | Uint8Array | undefined;

/** How a body was written. */
export type BodyFormat = 'json' | 'form' | 'multipart' | 'text' | 'bytes';

/**
 * Reads a body, at most `limit` bytes of it.
 *
 * @throws FunctionError `content_too_large`, without reading on.
 */
export function readBody(source: BodySource, limit: number): Awaitable<RawBody> {
  if (source === undefined) return undefined;
  if (typeof source === 'string') {
    // No character takes more than three bytes, so most bodies need no count.
    if (source.length * 3 > limit && byteLength(source) > limit) throw tooLarge(limit);
    return source;
  }
  if (source instanceof Uint8Array) {
    if (source.byteLength > limit) throw tooLarge(limit);
    return source;
  }
  return readStream(source, limit);
}

async function readStream(stream: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.byteLength;
    if (length > limit) {
      reader.cancel().catch(() => {});
      throw tooLarge(limit);
    }
    chunks.push(value);
  }
  return concat(chunks, length);
}

/** Joins chunks of bytes. */
export function concat(chunks: readonly Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function tooLarge(limit: number): FunctionError {
  return new FunctionError('content_too_large', `The body is larger than ${limit} bytes.`);
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}

/** What a content type says of a body. */
export function formatOf(contentType: string | undefined): BodyFormat {
  if (contentType === 'application/json') return 'json';
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json' || type.endsWith('+json')) return 'json';
  if (type === 'application/x-www-form-urlencoded') return 'form';
  if (type === 'multipart/form-data') return 'multipart';
  return type.startsWith('text/') ? 'text' : 'bytes';
}

/**
 * Decodes a body by its format.
 *
 * @throws FunctionError `bad_request` for a body that is not what its content type says.
 */
export function decodeBody(raw: string | Uint8Array, format: BodyFormat, contentType: string): Awaitable<unknown> {
  switch (format) {
    case 'json':
      return parseJson(typeof raw === 'string' ? raw : toText(raw, contentType));
    case 'form':
      return parseForm(toText(raw, contentType));
    case 'text':
      return toText(raw, contentType);
    case 'multipart':
      return toFormData(raw, contentType);
    default:
      return typeof raw === 'string' ? new TextEncoder().encode(raw) : raw;
  }
}

function toText(raw: string | Uint8Array, contentType: string): string {
  if (typeof raw === 'string') return raw;
  const charset = /charset="?([^\s;"]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset, { fatal: true });
  } catch {
    throw new FunctionError(
      'unsupported_media_type',
      `The charset ${JSON.stringify(charset)} is not supported. Send UTF-8.`,
    );
  }
  try {
    return decoder.decode(raw);
  } catch (cause) {
    throw new FunctionError('bad_request', `The body is not valid ${charset}.`, { cause });
  }
}

async function toFormData(raw: string | Uint8Array, contentType: string): Promise<FormData> {
  try {
    return await new Response(raw as BodyInit, { headers: { 'content-type': contentType } }).formData();
  } catch (cause) {
    throw new FunctionError('bad_request', 'The body is not valid multipart/form-data.', { cause });
  }
}
