/** Encodes bytes as base64, on any runtime. */
export function toBase64(bytes: Uint8Array): string {
  // One by one, because a function call has a limited number of arguments.
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/**
 * Decodes base64.
 *
 * @throws DOMException if the text is not base64.
 */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
