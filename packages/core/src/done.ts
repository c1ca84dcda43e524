import { FunctionError, isError } from './errors.js';
import { isThenable } from './thenable.js';

/**
 * What a handler gave, where it is done by that. A returned error was meant to be thrown, and work that may still fail is not
 * done: taken for a value, either would cost the message.
 *
 * @throws the error that was returned; FunctionError `internal` for a list of promises.
 */
export function done<T>(value: T): T {
  if (isError(value)) throw value;
  mustBeAwaited(value);
  return value;
}

/** @throws FunctionError `internal` for a list of promises: what they come to nobody would hear. */
export function mustBeAwaited(value: unknown): void {
  if (!Array.isArray(value) || !value.some(isThenable)) return;
  void Promise.allSettled(value);
  throw new FunctionError(
    'internal',
    'The handler returned a list of promises, which nobody waits for: return await Promise.all(...) of it.',
  );
}
