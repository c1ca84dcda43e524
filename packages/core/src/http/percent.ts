/** Decodes percent-encoded text. Invalid encoding is left as it is: some clients and platforms send a lone `%`. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
