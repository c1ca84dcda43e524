/** The bytes of a base64 text, or undefined for what is none: `Buffer.from` takes any text and leaves out what is not. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  // A copy: a Buffer is another thing than what other platforms give, and shares its memory with other ones.
  return new Uint8Array(Buffer.from(text, 'base64'));
}
