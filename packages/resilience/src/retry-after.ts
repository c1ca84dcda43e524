/**
 * Reads a `Retry-After` header: seconds, or a date.
 *
 * @param now - in ms since the epoch.
 * @returns in ms; undefined if the header is neither.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 */
export function retryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  // A date has letters. What `Date.parse` does with other texts is not specified.
  const date = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
