import { isDeliverySignal } from '@tradewind/core';
import { checkOptions, mustBe } from '@tradewind/core/adapter';
import { type Backoff, exponential } from './backoff.js';
import { type RetryBudget, retryBudget } from './budget.js';
import type { Call } from './call.js';
import { mustBeNumber, mustBeWhole } from './checks.js';
import { hasLeft, isWorthRetrying, retryAfterOf } from './failure.js';
import { type PolicyEvents, told } from './observed.js';
import { begun, type Operation, type Policy, policyOf } from './policy.js';

/** What {@link retry} is given. */
export interface RetryOptions {
  /** For who observes. Default: `'retry'`. */
  readonly name?: string;
  /** How many there may be, the first one included. Default: 3. */
  readonly attempts?: number;
  /** The waits between them. Default: `exponential()`. An error's `retryAfter`, in ms, makes a wait longer. */
  readonly backoff?: Backoff;
  /**
   * Whether an error is worth another attempt. Default: every one, but a FunctionError that is not `retryable`, and what
   * another policy refused. `retryLater` and `reject` never are.
   */
  readonly when?: (error: unknown, attempt: number) => boolean;
  /** How many calls may be tried again. Default: `retryBudget()`, of this policy alone. `false`: as many as there are. */
  readonly budget?: RetryBudget | false;
  /** In ms: the least time that an attempt is worth beginning with. Default: 10. */
  readonly leastTime?: number;
  /** In ms: where an error asks for a longer wait it stops; without a deadline nothing else would. Default: 60,000. */
  readonly longestWait?: number;
}

const NAMES = ['name', 'attempts', 'backoff', 'when', 'budget', 'leastTime', 'longestWait'];

/**
 * Tries again what fails, after a wait. It stops at once, with the error that there is, where the wait and an attempt of
 * `leastTime` do not fit into the time that the function has left, and where too many calls are being tried again.
 *
 * An abort of the signal ends a wait at once, with the signal's reason.
 *
 * @throws FunctionError `misconfigured` where an option is none.
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
  mustBeWhole(attempts, 'attempts of retry(...)');
  mustBe('function', backoff, 'The backoff of retry(...)');
  mustBe('function', when, 'The `when` of retry(...)');
  mustBeNumber(leastTime, 'leastTime of retry(...)', 0);
  mustBeNumber(longestWait, 'longestWait of retry(...)', 0);
  if (budget !== false)
    mustBe('function', budget?.withdraw, 'The budget of retry(...), retryBudget() or false: its withdraw');

  /** In ms: the wait before the next attempt; or why there is none. */
  const next = (
    error: unknown,
    attempt: number,
    previous: number,
    call: Call,
  ): number | PolicyEvents['retry.stopped']['reason'] => {
    if (!when(error, attempt) || !call.mayRepeat(error)) return 'error';
    if (attempt >= attempts) return 'attempts';
    // A backoff of the user's may give anything: NaN would be no wait, and no end of them.
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
