/** Decodes what is percent-encoded; what is no encoding stays as it is: some clients and platforms send a lone `%`. */
export function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
