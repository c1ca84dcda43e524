import { isDeliverySignal, isFunctionError } from '@tradewind/core';
import { statusOf } from '@tradewind/core/adapter';
import type { Call } from './call.js';
import { isRefused } from './refused.js';

/** Whether an error is no failure of the operation: it says how a delivery ends, or nobody waited any more. */
export function isNoFailure(error: unknown, call: Call): boolean {
  if (isDeliverySignal(error)) return true;
  // What an end of its own cut off took too long, and that is a failure; a caller who went away proves nothing.
  const isTimeout = isFunctionError(error) ? error.code === 'timeout' : nameOf(error) === 'TimeoutError';
  return !isTimeout && hasLeft(call);
}

/** Whether the caller, or the end of the time there was, has ended the call. */
export function hasLeft(call: Call): boolean {
  return call.isCancelled || call.signal.aborted;
}

/**
 * Whether the next attempt may end better: every error may, but one that says it does not, and what a policy did not run:
 * it holds calls back because more of them would do harm.
 */
export function isWorthRetrying(error: unknown): boolean {
  return !isRefused(error) && (!isFunctionError(error) || error.retryable);
}

/** Whether an error speaks against what was called: every one does, but those that find fault with the caller. */
export function isFault(error: unknown): boolean {
  if (isRefused(error)) return false;
  return !isFunctionError(error) || error.retryable || statusOf(error.code) >= 500;
}

function nameOf(error: unknown): unknown {
  try {
    return (error as Partial<Error> | undefined)?.name;
  } catch {
    return undefined;
  }
}

/** In ms: how long an error asks to be left alone. */
export function retryAfterOf(error: unknown): number {
  try {
    const { retryAfter } = (error ?? {}) as { readonly retryAfter?: unknown };
    return typeof retryAfter === 'number' && retryAfter > 0 ? retryAfter : 0;
  } catch {
    return 0;
  }
}
