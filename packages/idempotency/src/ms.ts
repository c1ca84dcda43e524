/** In ms: a hundred years, which every store's numbers and dates can hold. */
const LONGEST = 3_155_760_000_000;

/** A time as stores take it: whole ms. `Infinity` becomes a hundred years. */
export function wholeMs(ms: number, least: 0 | 1): number {
  return Math.min(Math.max(least, Math.ceil(ms)), LONGEST);
}
