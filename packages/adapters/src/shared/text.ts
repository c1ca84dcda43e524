/** The bytes of a message as text, or unchanged if they are not valid UTF-8. */
export function textOf(bytes: Uint8Array): string | Uint8Array {
  return exactText(bytes) ?? new Uint8Array(bytes);
}

/** Decodes UTF-8 and keeps the byte order mark, so that encoding restores the same bytes. Undefined for other bytes. */
export function exactText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether a value is a non-empty string. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
