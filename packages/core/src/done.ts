import { FunctionError, isError } from './errors.js';
import { isThenable } from './thenable.js';

/**
 * Checks that a handler's value means success. A returned error was meant to be thrown, and promises that are not
 * awaited may still fail: if either counted as success, the message would be lost.
 *
 * @throws the error that was returned; FunctionError `internal` for an array of promises.
 */
export function done<T>(value: T): T {
  if (isError(value)) throw value;
  mustBeAwaited(value);
  return value;
}

/** @throws FunctionError `internal` for an array of promises: their failures would go unnoticed. */
export function mustBeAwaited(value: unknown): void {
  if (!Array.isArray(value) || !value.some(isThenable)) return;
  void Promise.allSettled(value);
  throw new FunctionError(
    'internal',
    'The handler returned an array of promises, which is not awaited. Return await Promise.all(...) instead.',
  );
}
