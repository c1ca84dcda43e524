/**
 * What a `Retry-After` header asks for: seconds, or a date.
 *
 * @param now - in ms since the epoch.
 * @returns in ms; undefined where it says neither.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function retryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  // A date has letters; what `Date.parse` makes of other texts, nobody has said.
  const date = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
