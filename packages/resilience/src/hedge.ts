import { checkOptions, misconfigured, mustBe, after as ringAfter } from '@tradewind/core/adapter';
import { type RetryBudget, retryBudget } from './budget.js';
import type { Call } from './call.js';
import { mustBeNumber } from './checks.js';
import { told } from './observed.js';
import { begun, type Operation, type Policy, policyOf } from './policy.js';

/** What {@link hedge} is given. */
export interface HedgeOptions {
  /** For who observes. Default: `'hedge'`. */
  readonly name?: string;
  /** In ms: how long the first call may take before a second one is made beside it. Such that few take longer. */
  readonly after: number;
  /** Says that the operation may be done twice: both calls may have their effect. */
  readonly idempotent: true;
  /** How many calls may have a second one. Default: `retryBudget()`, of this policy alone. */
  readonly budget?: RetryBudget;
}

/**
 * Makes a second call where the first takes long, and takes what comes first; the signal of the other one aborts. An error of
 * one is thrown only where the other has failed too, or was not made.
 *
 * @throws FunctionError `misconfigured` without `idempotent: true`, or where another option is none.
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
    throw misconfigured('hedge(...) makes calls twice: say with `idempotent: true` that the operation may be.');
  }
  if (after === undefined) throw misconfigured('hedge(...) wants `after`, in ms: when the second call is made.');
  mustBeNumber(after, 'after of hedge(...)', 0);
  mustBe('function', budget?.withdraw, 'The budget of hedge(...), retryBudget(): its withdraw');
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
            for (const other of running) other.end(new DOMException('Another call was sooner.', 'AbortError'));
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
        if (running.size === 0 || outer.isCancelled || !outer.mayRepeat(undefined) || !budget.withdraw(clock.now()))
          return;
        told('hedge.sent', name, outer, {});
        attempt();
      });
    });
  });
}
