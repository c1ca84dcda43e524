import { isDeliverySignal, isFunctionError } from '@tradewind/core';
import { statusOf } from '@tradewind/core/adapter';
import type { Call } from './call.js';
import { isRefused } from './refused.js';

/** Whether an error is not a failure of the operation: it is a delivery outcome, or nobody waited any more. */
export function isNoFailure(error: unknown, call: Call): boolean {
  if (isDeliverySignal(error)) return true;
  // A timeout of the call's own is a failure. A caller who left proves nothing about the service.
  const isTimeout = isFunctionError(error) ? error.code === 'timeout' : nameOf(error) === 'TimeoutError';
  return !isTimeout && hasLeft(call);
}

/**
 * Whether the call was ended by its caller, or by the end of the available time. A signal that is first read after that,
 * or while the process is busy, does not tell yet.
 */
export function hasLeft(call: Call): boolean {
  return call.isCancelled || call.abortable?.aborted === true || call.remaining() <= 0;
}

/**
 * Whether another attempt may succeed: after any error, except one that is not retryable, and a refusal by a policy,
 * which holds calls back because more of them would do harm.
 */
export function isWorthRetrying(error: unknown): boolean {
  return !isRefused(error) && (!isFunctionError(error) || error.retryable);
}

/** Whether an error counts against the called service: all do, except those that are the caller's fault. */
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

/** In ms: the wait that an error asks for. */
export function retryAfterOf(error: unknown): number {
  try {
    const { retryAfter } = (error ?? {}) as { readonly retryAfter?: unknown };
    return typeof retryAfter === 'number' && retryAfter > 0 ? retryAfter : 0;
  } catch {
    return 0;
  }
}
