import { misconfigured } from '@tradewind/core/adapter';
import { bounded } from './bounded.js';
import type { Call } from './call.js';
import { shown } from './checks.js';
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
    throw misconfigured(`The time of timeout(...), in ms, is no number above 0, but ${shown(ms)}.`);
  }
  return policyOf(
    [{ kind: 'timeout', ms }],
    <T>(operation: Operation<T>, outer: Call): Promise<T> =>
      bounded(outer, outer.clock.now() + ms, (call) => begun(operation, call)),
  );
}
