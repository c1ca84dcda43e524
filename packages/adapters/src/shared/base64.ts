import { FunctionError } from '@tradewind/core';

/** The bytes of a base64 text, or undefined for what is none: `Buffer.from` takes any text and leaves out what is not. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  // A copy: a Buffer is another thing than what other platforms give, and shares its memory with other ones.
  return new Uint8Array(Buffer.from(text, 'base64'));
}

/**
 * The bytes of a request's body: one that is not what it says must not get through.
 *
 * @throws FunctionError `bad_request` for what is no base64.
 */
export function bodyFromBase64(text: string): Uint8Array {
  const bytes = fromBase64(text);
  if (!bytes) throw new FunctionError('bad_request', 'The body is marked as base64 and is not.');
  return bytes;
}

/** Bytes as base64. */
export function toBase64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}
