import { FunctionError } from '@tradewind/core';

/** What to do about the errors of a store that are common mistakes in its set-up, by their codes. */
export type Advice = Readonly<Record<string, string>>;

/**
 * The error of a store's client; or if there is advice for its code, an error that gives it. That one quotes nothing of
 * the original, which is its cause.
 */
export function explained(error: unknown, advice: Advice, code: unknown): unknown {
  if (typeof code !== 'string' || !Object.hasOwn(advice, code)) return error;
  return new FunctionError('unavailable', advice[code], { cause: error });
}
