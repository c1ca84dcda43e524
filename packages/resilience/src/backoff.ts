import { checkOptions, misconfigured, mustBePositive } from '@tradewind/core/adapter';
import { mustBeNumber } from './checks.js';

/**
 * Returns how long to wait before the next attempt, in ms.
 *
 * @param attempt - the number of the failed attempt, counted from 1.
 * @param previous - in ms: the previous wait; 0 before the first.
 */
export type Backoff = (attempt: number, previous: number) => number;

/** Options of {@link exponential}. */
export interface ExponentialOptions {
  /** In ms: the first wait, without jitter. Default: 100. */
  readonly base?: number;
  /** In ms: the longest wait. Default: 10,000. */
  readonly cap?: number;
  /**
   * Spreads calls that fail together: a random part of the wait (`full`), its upper half (`equal`), from `base` to
   * three times the previous wait (`decorrelated`), or no spread (`none`). Default: `full`.
   *
   * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
   */
  readonly jitter?: 'full' | 'equal' | 'decorrelated' | 'none';
  /** Returns a number from 0 to below 1. Default: `Math.random`. */
  readonly random?: () => number;
}

/**
 * Waits that double, with random jitter.
 *
 * @throws FunctionError `misconfigured` if an option is invalid, or if `cap` is below `base`.
 * @example
 * ```ts
 * import { exponential, retry } from '@tradewind/resilience';
 *
 * export const patient = retry({ attempts: 5, backoff: exponential({ base: 200, cap: 5_000 }) });
 * ```
 */
export function exponential(options: ExponentialOptions = {}): Backoff {
  checkOptions('exponential', options, ['base', 'cap', 'jitter', 'random']);
  const { base = 100, cap = 10_000, jitter = 'full', random } = options;
  mustBePositive(base, 'exponential(...): `base`');
  mustBePositive(cap, 'exponential(...): `cap`');
  if (cap < base)
    throw misconfigured(`exponential(...): \`cap\` must not be below \`base\`, ${base} ms; got ${cap} ms.`);
  const spread = SPREADS[jitter];
  if (!spread)
    throw misconfigured(
      `exponential(...): \`jitter\` must be one of ${Object.keys(SPREADS).join(', ')}; got ${String(jitter)}.`,
    );
  return (attempt, previous) => {
    // Read per call: Workers have no random numbers at module level.
    const chance = random?.() ?? Math.random();
    return spread(Math.min(cap, base * 2 ** (attempt - 1)), chance, base, previous, cap);
  };
}

type Spread = (wait: number, chance: number, base: number, previous: number, cap: number) => number;

const SPREADS: Readonly<Record<NonNullable<ExponentialOptions['jitter']>, Spread>> = {
  full: (wait, chance) => wait * chance,
  equal: (wait, chance) => wait / 2 + (wait / 2) * chance,
  decorrelated: (_, chance, base, previous, cap) =>
    Math.min(cap, base + (Math.max(base, previous * 3) - base) * chance),
  none: (wait) => wait,
};

/** The same wait each time, in ms, without jitter: for a single caller, since many would call at the same time. */
export function constant(ms: number): Backoff {
  mustBeNumber(ms, 'constant(...): `ms`', 0);
  return () => ms;
}
