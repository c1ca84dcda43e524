import { checkOptions, misconfigured } from '@tradewind/core/adapter';
import { mustBeNumber } from './checks.js';

/** Options of {@link retryBudget}. */
export interface RetryBudgetOptions {
  /** Retries per call, over all calls. Default: 0.2, so that a failing service gets 1.2 times the usual calls. */
  readonly ratio?: number;
  /**
   * Retries per ten seconds that are always allowed, so that an instance with little traffic can retry. Default: 10.
   */
  readonly floor?: number;
}

/** Limits retries. Shared by several policies, it counts the calls of all of them. */
export interface RetryBudget {
  /** For policies: counts a call. */
  deposit(): void;
  /** For policies: whether one more retry is allowed; if so, counts it. @param now - in ms since the epoch. */
  withdraw(now: number): boolean;
}

/** In ms: the time in which `floor` retries become available again. */
const PERIOD = 10_000;

/**
 * Keeps retries from making an outage worse: a failing service gets at most `1 + ratio` attempts per call, plus the
 * floor. Each `retry(...)` has its own budget; share one between policies that call the same service.
 *
 * @throws FunctionError `misconfigured` if `ratio` or `floor` is not a number from 0 up, or if both are 0.
 * @example
 * ```ts
 * import { hedge, retry, retryBudget } from '@tradewind/resilience';
 *
 * const budget = retryBudget({ ratio: 0.1 });
 * export const reads = hedge({ after: 200, idempotent: true, budget });
 * export const writes = retry({ budget });
 * ```
 */
export function retryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  checkOptions('retryBudget', options, ['ratio', 'floor']);
  const { ratio = 0.2, floor = 10 } = options;
  mustBeNumber(ratio, 'retryBudget(...): `ratio`', 0);
  mustBeNumber(floor, 'retryBudget(...): `floor`', 0);
  if (ratio === 0 && floor === 0)
    throw misconfigured('retryBudget(...): `ratio` or `floor` must be above 0; got 0 and 0.');
  // Savings are limited to the floor, so that a long healthy time does not pay for a storm of retries.
  const most = Math.max(1, floor);
  let tokens = most;
  let last: number | undefined;
  return {
    deposit() {
      tokens = Math.min(most, tokens + ratio);
    },
    withdraw(now) {
      // If the clock is set back, nothing is refilled.
      tokens = Math.min(most, tokens + (Math.max(0, now - (last ?? now)) / PERIOD) * floor);
      last = now;
      // Ten times 0.1 is slightly less than 1.
      if (tokens < 1 - Number.EPSILON * 8) return false;
      tokens -= 1;
      return true;
    },
  };
}
