import { checkOptions, misconfigured, mustBe, after as ringAfter } from '@tradewind/core/adapter';
import { type RetryBudget, retryBudget } from './budget.js';
import type { Call } from './call.js';
import { mustBeNumber } from './checks.js';
import { hasLeft } from './failure.js';
import { told } from './observed.js';
import { begun, type Operation, type Policy, policyOf } from './policy.js';

/** Options of {@link hedge}. */
export interface HedgeOptions {
  /** The name in observed events. Default: `'hedge'`. */
  readonly name?: string;
  /** In ms: after how long a second call is sent. Choose a time that few calls exceed. */
  readonly after: number;
  /** Declares that the operation may run twice: both calls may have their effect. */
  readonly idempotent: true;
  /** Limits the second calls. Default: `retryBudget()`, for this policy only. */
  readonly budget?: RetryBudget;
}

/**
 * Sends a second call if the first is slow, takes the first value, and aborts the signal of the other call. An error is
 * thrown only if both calls fail, or if the first fails before a second is sent.
 *
 * @throws FunctionError `misconfigured` without `idempotent: true`, or if another option is invalid.
 * @example
 * ```ts
 * import { hedge } from '@tradewind/resilience';
 *
 * export const quickly = hedge({ after: 200, idempotent: true });
 * const stock = await quickly(async ({ signal }) => (await fetch('https://stock.example/tea', { signal })).text());
 * ```
 */
export function hedge(options: HedgeOptions): Policy {
  checkOptions('hedge', options, ['name', 'after', 'idempotent', 'budget']);
  const { name = 'hedge', after, idempotent, budget = retryBudget() } = options;
  if (idempotent !== true) {
    throw misconfigured('hedge(...): `idempotent` must be true, because the operation may run twice.');
  }
  if (after === undefined) throw misconfigured('hedge(...): `after` is required: in ms, when the second call is sent.');
  mustBeNumber(after, 'hedge(...): `after`', 0);
  mustBe('function', budget?.withdraw, 'hedge(...): `budget.withdraw` (see retryBudget())');
  return policyOf([{ kind: 'hedge' }], <T>(operation: Operation<T>, outer: Call): Promise<T> => {
    budget.deposit();
    return new Promise((resolve, reject) => {
      const running = new Set<Call>();
      let stop = (): void => {};
      const attempt = (): void => {
        const call = outer.until(Number.POSITIVE_INFINITY);
        running.add(call);
        begun(operation, call).then(
          (value) => {
            stop();
            running.delete(call);
            resolve(value);
            for (const other of running) other.end(new DOMException('The other call was faster.', 'AbortError'));
            running.clear();
          },
          (error) => {
            if (!running.delete(call) || running.size > 0) return;
            stop();
            reject(error);
          },
        );
      };
      attempt();
      const { clock } = outer;
      stop = ringAfter(clock, after, () => {
        if (running.size === 0 || hasLeft(outer) || !outer.mayRepeat(undefined) || !budget.withdraw(clock.now()))
          return;
        told('hedge.sent', name, outer, {});
        attempt();
      });
    });
  });
}
