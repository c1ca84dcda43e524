import { FunctionError } from '@tradewind/core';

/** The bytes of a base64 text, or undefined if it is invalid, which `Buffer.from` does not report. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  // A copy, because other platforms give a Uint8Array, and a Buffer may share its memory with other Buffers.
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/**
 * The bytes of a request's body.
 *
 * @throws FunctionError `bad_request` for invalid base64.
 */
export function bodyFromBase64(text: string): Uint8Array {
  const bytes = fromBase64(text);
  if (!bytes) throw new FunctionError('bad_request', 'The body is marked as base64, but is not valid base64.');
  return bytes;
}

/** Bytes as base64. */
export function toBase64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
