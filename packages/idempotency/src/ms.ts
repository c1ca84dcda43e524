/** In ms: a hundred years, which no store's number or date is too small for. */
const LONGEST = 3_155_760_000_000;

/** A time as stores take it: whole ms, of which `Infinity` is many. */
export function wholeMs(ms: number, least: 0 | 1): number {
  return Math.min(Math.max(least, Math.ceil(ms)), LONGEST);
}
