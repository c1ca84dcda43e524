import { checkOptions, misconfigured } from '@tradewind/core/adapter';
import { mustBeNumber } from './checks.js';

/** What {@link retryBudget} is given. */
export interface RetryBudgetOptions {
  /** Retries a call, over all calls. Default: 0.2, and where everything fails a fifth more is asked than without retries. */
  readonly ratio?: number;
  /** Retries in ten seconds that may be made in any case: an instance that sees little traffic may retry too. Default: 10. */
  readonly floor?: number;
}

/** How many calls may be tried again: shared by policies, it counts the calls of all of them. */
export interface RetryBudget {
  /** For policies: counts a call. */
  deposit(): void;
  /** For policies: whether one more may be made, which it counts. @param now - in ms since the epoch. */
  withdraw(now: number): boolean;
}

/** In ms: the time in which the floor comes back. */
const PERIOD = 10_000;

/**
 * Keeps retries from making an outage worse: a service that fails gets at most `1 + ratio` calls for each, and the floor.
 * Each `retry(...)` has one of its own; give one to several policies that call the same service.
 *
 * @throws FunctionError `misconfigured` for a `ratio` or a `floor` that is no number from 0 up.
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
  mustBeNumber(ratio, 'ratio of retryBudget(...)', 0);
  mustBeNumber(floor, 'floor of retryBudget(...)', 0);
  if (ratio === 0 && floor === 0) throw misconfigured('retryBudget(...) without a ratio and a floor allows no retry.');
  // What calls pay in is kept up to the floor, so that a long time of health pays for no storm.
  const most = Math.max(1, floor);
  let tokens = most;
  let last: number | undefined;
  return {
    deposit() {
      tokens = Math.min(most, tokens + ratio);
    },
    withdraw(now) {
      // A clock that is set back refills nothing.
      tokens = Math.min(most, tokens + (Math.max(0, now - (last ?? now)) / PERIOD) * floor);
      last = now;
      // A tenth, ten times, is a little less than one.
      if (tokens < 1 - Number.EPSILON * 8) return false;
      tokens -= 1;
      return true;
    },
  };
}
