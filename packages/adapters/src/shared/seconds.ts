/** A delay in whole seconds, as queues take it, of `longest` at most; what is no delay is none. */
export function toSeconds(ms: number, longest: number): number {
  return Math.min(Math.ceil(Math.max(0, ms || 0) / 1_000), longest);
}
