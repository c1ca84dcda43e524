/** A text without its byte order mark, which decoding bytes drops too: a body is the same as text and as bytes. */
export function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
