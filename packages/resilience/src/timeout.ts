import { FunctionError } from '@tradewind/core';
import { after, misconfigured } from '@tradewind/core/adapter';
import type { Call } from './call.js';
import { told } from './observed.js';
import { begun, type Operation, type Policy, policyOf } from './policy.js';

/**
 * Gives an operation so long, and no longer than its caller has. Then its signal aborts, and the call rejects, whether the
 * operation heeds that or not.
 *
 * @param ms - from the call on; inside a `retry` for each attempt, outside of it for all of them with their waits.
 * @returns the policy: it rejects with a FunctionError `timeout`, which is retryable.
 * @throws FunctionError `misconfigured` for what is no number above 0.
 * @example
 * ```ts
 * import { compose, retry, timeout } from '@tradewind/resilience';
 *
 * export const stock = compose(timeout(5_000), retry(), timeout(1_000));
 * ```
 */
export function timeout(ms: number): Policy {
  if (!(typeof ms === 'number' && ms > 0)) {
    throw misconfigured(`The time of timeout(...), in ms, is no number above 0, but ${String(ms)}.`);
  }
  return policyOf([{ kind: 'timeout', ms }], <T>(operation: Operation<T>, outer: Call): Promise<T> => {
    const { clock } = outer;
    const now = clock.now();
    const call = outer.until(now + ms);
    const time = Math.max(0, call.deadline - now);
    if (time === Number.POSITIVE_INFINITY) return begun(operation, call);
    return new Promise((resolve, reject) => {
      const stop = after(clock, time, () => {
        const error = new FunctionError('timeout', `The call took longer than ${Math.round(time)} ms.`);
        told('timeout.reached', 'timeout', outer, { ms: time });
        reject(error);
        call.end(error);
      });
      begun(operation, call).then(
        (value) => {
          stop();
          resolve(value);
        },
        (error) => {
          stop();
          reject(error);
        },
      );
    });
  });
}
