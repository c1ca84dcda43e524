import type { Awaitable } from '@tradewind/core/adapter';
import { checkOptions, mustBe } from '@tradewind/core/adapter';
import type { Call } from './call.js';
import { isNoFailure } from './failure.js';
import { told } from './observed.js';
import { begun, type Operation, type Policy, policyOf } from './policy.js';

/** Options of {@link fallback}. */
export interface FallbackOptions {
  /** The name in observed events. Default: `'fallback'`. */
  readonly name?: string;
  /** Which errors it replaces; others are thrown. Default: all errors. */
  readonly when?: (error: unknown) => boolean;
}

/**
 * Returns another value if a call fails, such as a cached one. `observe` reports it. Delivery outcomes (`retryLater`,
 * `reject`) are rethrown, and so is the error of a call that its caller aborted.
 *
 * @param fn - receives the error and returns the value. If it throws, that error is thrown.
 * @throws FunctionError `misconfigured` if an argument is invalid.
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
  mustBe('function', fn, 'fallback(...): `fn`');
  if (when !== undefined) mustBe('function', when, 'fallback(...): `when`');
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
