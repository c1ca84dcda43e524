import { type ErrorCode, FunctionError, isFunctionError } from '@tradewind/core';
import { statusOf } from '@tradewind/core/adapter';
import { read, written } from './outcome.js';
import type { Outcome } from './store.js';

/** Whether the next try may succeed. */
export function isTransient(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

/** The outcome to store for an error that every try would meet; undefined for server errors and retryable errors. */
export function keepError(error: unknown): Outcome | undefined {
  if (!isFunctionError(error) || error.retryable || isTransient(statusOf(error.code))) return undefined;
  const { code, message } = error;
  return { state: 'failed', value: written({ code, message }, Number.POSITIVE_INFINITY) };
}

/**
 * Throws the stored error, so that it becomes the same response as the first time.
 *
 * @throws the stored error.
 */
export function throwKept(text: string): never {
  const { code, message } = read(text) as { readonly code: ErrorCode; readonly message: string };
  throw new FunctionError(code, message);
}
