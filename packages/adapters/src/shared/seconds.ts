/** A delay in whole seconds, as queues expect it, and at most `longest`. An invalid delay is 0. */
export function toSeconds(ms: number, longest: number): number {
  return Math.min(Math.ceil(Math.max(0, ms || 0) / 1_000), longest);
}
