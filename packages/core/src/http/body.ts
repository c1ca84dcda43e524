import { FunctionError } from '../errors.js';
import { parseJson } from '../json.js';
import { withoutMark } from '../text.js';
import { parseForm } from './records.js';

/** A body that has been read. */
export type RawBody = string | Uint8Array | undefined;
/** The body of a request, as the platform provides it. */
export type BodySource = RawBody | ReadableStream<Uint8Array>;

/**
 * Returns the body, if it has at most `limit` bytes.
 *
 * @throws FunctionError `content_too_large`.
 */
export function limited(body: RawBody, limit: number): RawBody {
  // A UTF-16 code unit takes at most three bytes, so most texts need not be encoded to count them.
  const isLong = typeof body === 'string' && body.length * 3 > limit;
  checkSize((isLong ? toBytes(body) : body)?.length ?? 0, limit);
  return body;
}

/** @throws FunctionError `content_too_large`. */
export function checkSize(size: number, limit: number): void {
  if (size > limit) throw new FunctionError('content_too_large', `The body is larger than ${limit} bytes.`);
}

/** Whether a content type is JSON, including types with the suffix `+json`. */
export function isJson(type: string): boolean {
  return type === 'application/json' || /^[^;]*[/+]json *(;|$)/i.test(type);
}

/**
 * Decodes a body by its content type: to a value (JSON), a record (urlencoded), `FormData`, a string, or otherwise
 * bytes.
 *
 * @throws FunctionError `bad_request` for a body that does not match its content type.
 */
export function decodeBody(raw: string | Uint8Array, type: string): unknown {
  if (isJson(type)) return parseJson(toText(raw, type));
  if (/^application\/x-www-form-urlencoded/i.test(type)) return parseForm(toText(raw, type));
  if (/^multipart\/form-data/i.test(type)) {
    const invalid = (): never => {
      throw new FunctionError('bad_request', 'The body is not valid multipart/form-data.');
    };
    return new Response(raw as BodyInit, { headers: { 'content-type': type } }).formData().catch(invalid);
  }
  return /^text\//i.test(type) ? toText(raw, type) : toBytes(raw);
}

function toText(raw: string | Uint8Array, type: string): string {
  const charset = /charset="?(?!utf-?8)([^\s;"]+)/i.exec(type)?.[1] ?? 'utf-8';
  // A platform that passes text has read it as UTF-8, whatever its charset is.
  if (typeof raw === 'string' && charset === 'utf-8') return withoutMark(raw);
  try {
    return new TextDecoder(charset, { fatal: true }).decode(toBytes(raw));
  } catch (error) {
    throw error instanceof RangeError
      ? new FunctionError('unsupported_media_type', `The charset '${charset}' is not supported. Send utf-8.`)
      : new FunctionError('bad_request', `The body is not valid ${charset}.`);
  }
}

function toBytes(raw: string | Uint8Array): Uint8Array {
  return typeof raw === 'string' ? new TextEncoder().encode(raw) : raw;
}
