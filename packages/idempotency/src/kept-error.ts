import { type ErrorCode, FunctionError, isFunctionError } from '@tradewind/core';
import { statusOf } from '@tradewind/core/adapter';
import { read, written } from './outcome.js';
import type { Outcome } from './store.js';

/** Whether the next try may end better. */
export function isTransient(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

/** An error that every try would meet is kept; one of the server's own, or that says so, is not. */
export function keepError(error: unknown): Outcome | undefined {
  if (!isFunctionError(error) || error.retryable || isTransient(statusOf(error.code))) return undefined;
  const { code, message } = error;
  return { state: 'failed', value: written({ code, message }, Number.POSITIVE_INFINITY) };
}

/**
 * The error that was kept.
 *
 * @throws it, so that it becomes the answer that it became the first time.
 */
export function throwKept(text: string): never {
  const { code, message } = read(text) as { readonly code: ErrorCode; readonly message: string };
  throw new FunctionError(code, message);
}
