import { checkOptions, misconfigured, mustBePositive } from '@tradewind/core/adapter';
import { mustBeNumber } from './checks.js';

/**
 * How long to wait before the next attempt, in ms.
 *
 * @param attempt - which one failed, counted from 1.
 * @param previous - in ms: the wait before it; 0 before the first.
 */
export type Backoff = (attempt: number, previous: number) => number;

/** What {@link exponential} is given. */
export interface ExponentialOptions {
  /** In ms: the first wait, without jitter. Default: 100. */
  readonly base?: number;
  /** In ms: no wait is longer. Default: 10,000. */
  readonly cap?: number;
  /**
   * Spreads what fails together: anything up to the wait (`full`), its upper half (`equal`), from `base` to three times
   * the wait before (`decorrelated`), or nothing (`none`). Default: `full`.
   *
   * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
   */
  readonly jitter?: 'full' | 'equal' | 'decorrelated' | 'none';
  /** From 0 to below 1. Default: `Math.random`. */
  readonly random?: () => number;
}

/**
 * Waits that double, spread at random.
 *
 * @throws FunctionError `misconfigured` for a `base` or a `cap` that is no number above 0, or a `cap` below the `base`.
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
  mustBePositive(base, 'base of exponential(...)');
  mustBePositive(cap, 'cap of exponential(...)');
  if (cap < base) throw misconfigured(`The cap of exponential(...), ${cap} ms, is below its base, ${base} ms.`);
  const spread = SPREADS[jitter];
  if (!spread)
    throw misconfigured(
      `The jitter of exponential(...) is none of ${Object.keys(SPREADS).join(', ')}, but ${String(jitter)}.`,
    );
  return (attempt, previous) => {
    // Looked for at a call, since Workers have no randomness before.
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

/** The same wait each time, in ms, spread by nothing: for one caller, since many would come together. */
export function constant(ms: number): Backoff {
  mustBeNumber(ms, 'wait of constant(...)', 0);
  return () => ms;
}
