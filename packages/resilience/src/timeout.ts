import { misconfigured } from '@tradewind/core/adapter';
import { bounded } from './bounded.js';
import type { Call } from './call.js';
import { shown } from './checks.js';
import { begun, type Operation, type Policy, policyOf } from './policy.js';

/**
 * Limits the duration of an operation, which also ends with its caller's time. Then its signal aborts and the call
 * rejects, whether or not the operation respects the signal.
 *
 * @param ms - inside a `retry`, for each attempt; outside, for all attempts and their waits.
 * @returns the policy. It rejects with a FunctionError `timeout`, which is retryable.
 * @throws FunctionError `misconfigured` if `ms` is not a number above 0.
 * @example
 * ```ts
 * import { compose, retry, timeout } from '@tradewind/resilience';
 *
 * export const stock = compose(timeout(5_000), retry(), timeout(1_000));
 * ```
 */
export function timeout(ms: number): Policy {
  if (!(typeof ms === 'number' && ms > 0)) {
    throw misconfigured(`timeout(...): \`ms\` must be a number above 0; got ${shown(ms)}.`);
  }
  return policyOf(
    [{ kind: 'timeout', ms }],
    <T>(operation: Operation<T>, outer: Call): Promise<T> =>
      bounded(outer, outer.clock.now() + ms, (call) => begun(operation, call)),
  );
}
