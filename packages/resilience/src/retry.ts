import { isDeliverySignal } from '@tradewind/core';
import { checkOptions, mustBe } from '@tradewind/core/adapter';
import { type Backoff, exponential } from './backoff.js';
import { type RetryBudget, retryBudget } from './budget.js';
import type { Call } from './call.js';
import { mustBeNumber, mustBeWhole } from './checks.js';
import { hasLeft, isWorthRetrying, retryAfterOf } from './failure.js';
import { type PolicyEvents, told } from './observed.js';
import { begun, type Operation, type Policy, policyOf } from './policy.js';

/** Options of {@link retry}. */
export interface RetryOptions {
  /** The name in observed events. Default: `'retry'`. */
  readonly name?: string;
  /** The number of attempts, including the first. Default: 3. */
  readonly attempts?: number;
  /** The waits between attempts. Default: `exponential()`. An error's `retryAfter`, in ms, is the minimum wait. */
  readonly backoff?: Backoff;
  /**
   * Whether an error is worth another attempt. Default: all except a FunctionError that is not `retryable`, and a call
   * that another policy refused. `retryLater` and `reject` are never retried.
   */
  readonly when?: (error: unknown, attempt: number) => boolean;
  /** Limits the retries. Default: `retryBudget()`, for this policy only. `false`: no limit. */
  readonly budget?: RetryBudget | false;
  /** In ms: no attempt starts with less time left. Default: 10. */
  readonly leastTime?: number;
  /**
   * In ms: it stops if an error asks for a longer wait, which nothing else limits without a deadline. Default: 60,000.
   */
  readonly longestWait?: number;
}

const NAMES = ['name', 'attempts', 'backoff', 'when', 'budget', 'leastTime', 'longestWait'];

/**
 * Tries a failed operation again after a wait. It stops at once and throws the original error if the wait plus
 * `leastTime` does not fit into the time left, or if the budget is used up.
 *
 * If the signal aborts, a wait ends at once with the signal's reason.
 *
 * @throws FunctionError `misconfigured` if an option is invalid.
 * @example
 * ```ts
 * import { defineFunction, http } from '@tradewind/core';
 * import { retry } from '@tradewind/resilience';
 *
 * const patiently = retry({ name: 'stock', attempts: 4 });
 *
 * export const stock = defineFunction('stock', http({ method: 'GET', path: '/stock/:sku' })).handle(
 *   ({ params }, context) =>
 *     patiently(async ({ signal }) => {
 *       const response = await fetch(`https://stock.example/${params.sku}`, { signal });
 *       if (!response.ok) throw new Error(`The stock service answered ${response.status}.`);
 *       return (await response.json()) as { count: number };
 *     }, context),
 * );
 * ```
 */
export function retry(options: RetryOptions = {}): Policy {
  checkOptions('retry', options, NAMES);
  const {
    name = 'retry',
    attempts = 3,
    backoff = exponential(),
    when = isWorthRetrying,
    budget = retryBudget(),
    leastTime = 10,
    longestWait = 60_000,
  } = options;
  mustBeWhole(attempts, 'retry(...): `attempts`');
  mustBe('function', backoff, 'retry(...): `backoff`');
  mustBe('function', when, 'retry(...): `when`');
  mustBeNumber(leastTime, 'retry(...): `leastTime`', 0);
  mustBeNumber(longestWait, 'retry(...): `longestWait`', 0);
  if (budget !== false)
    mustBe('function', budget?.withdraw, 'retry(...): `budget.withdraw` (`budget` is retryBudget() or false)');

  /** In ms: the wait before the next attempt; or why there is no further attempt. */
  const next = (
    error: unknown,
    attempt: number,
    previous: number,
    call: Call,
  ): number | PolicyEvents['retry.stopped']['reason'] => {
    if (!when(error, attempt) || !call.mayRepeat(error)) return 'error';
    if (attempt >= attempts) return 'attempts';
    // A custom backoff may return anything: NaN would mean no wait, forever.
    const wait = Math.max(0, Number(backoff(attempt, previous)) || 0, retryAfterOf(error));
    if (wait > longestWait) return 'wait';
    const now = call.clock.now();
    if (wait + leastTime > call.deadline - now) return 'deadline';
    return budget && !budget.withdraw(now) ? 'budget' : wait;
  };

  const again = async <T>(operation: Operation<T>, call: Call, first: unknown): Promise<T> => {
    let error = first;
    let delay = 0;
    for (let attempt = 1; ; attempt++) {
      if (isDeliverySignal(error) || hasLeft(call)) throw error;
      const wait = next(error, attempt, delay, call);
      if (typeof wait === 'string') {
        told('retry.stopped', name, call, { attempt, reason: wait, error });
        throw error;
      }
      delay = wait;
      told('retry.scheduled', name, call, { attempt, delay, error });
      if (delay > 0) await call.clock.sleep(delay, call.signal);
      call.signal.throwIfAborted();
      try {
        return await operation(call.at(attempt + 1));
      } catch (failure) {
        error = failure;
      }
    }
  };

  return policyOf([{ kind: 'retry' }], <T>(operation: Operation<T>, call: Call): Promise<T> => {
    if (budget) budget.deposit();
    return begun(operation, call.at(1)).then(undefined, (error) => again(operation, call, error));
  });
}
