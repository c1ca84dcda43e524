/** Bytes as base64, on any runtime. */
export function toBase64(bytes: Uint8Array): string {
  // One by one: as arguments of one call they would be too many.
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/**
 * The bytes of a base64 text.
 *
 * @throws DOMException where it is none.
 */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
