import type { Awaitable } from '@tradewind/core/adapter';
import { checkOptions, mustBe } from '@tradewind/core/adapter';
import type { Call } from './call.js';
import { isNoFailure } from './failure.js';
import { told } from './observed.js';
import { begun, type Operation, type Policy, policyOf } from './policy.js';

/** What {@link fallback} is given beside what it falls back on. */
export interface FallbackOptions {
  /** For who observes. Default: `'fallback'`. */
  readonly name?: string;
  /** Which errors it stands in for; the others are thrown. Default: all of them. */
  readonly when?: (error: unknown) => boolean;
}

/**
 * Gives something else where a call fails: a value from a cache, an answer that says less. `observe` tells that it did. What
 * says how a delivery ends (`retryLater`, `reject`) is thrown on, and so is what a caller's abort left behind.
 *
 * @param fn - of the error; what it throws is thrown.
 * @example
 * ```ts
 * import { compose, fallback, retry } from '@tradewind/resilience';
 *
 * export const price = compose(
 *   fallback(() => ({ cents: undefined })),
 *   retry(),
 * );
 * const { cents } = await price(async () => ({ cents: 1_200 })); // number | undefined
 * ```
 */
export function fallback<Value>(
  fn: (error: unknown, call: Call) => Awaitable<Value>,
  options: FallbackOptions = {},
): Policy<Value> {
  checkOptions('fallback', options, ['name', 'when']);
  const { name = 'fallback', when } = options;
  mustBe('function', fn, 'What fallback(...) is given');
  if (when !== undefined) mustBe('function', when, 'The `when` of fallback(...)');
  return policyOf<Value>(
    [{ kind: 'fallback', isForAll: when === undefined }],
    <T>(operation: Operation<T>, call: Call): Promise<T | Value> =>
      begun(operation, call).catch((error) => {
        if (isNoFailure(error, call) || when?.(error) === false) throw error;
        told('fallback.used', name, call, { error });
        return fn(error, call);
      }),
  );
}
