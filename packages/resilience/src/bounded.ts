import { FunctionError } from '@tradewind/core';
import { inTime } from '@tradewind/core/adapter';
import type { Call } from './call.js';
import { told } from './observed.js';

/**
 * Runs an operation until `end`, and no longer than the outer call. Then its signal aborts and it rejects, whether or
 * not the operation respects the signal.
 *
 * @param end - in ms since the epoch.
 */
export function bounded<T>(outer: Call, end: number, run: (call: Call) => Promise<T>): Promise<T> {
  const call = outer.until(end);
  const { clock } = outer;
  const time = call.deadline - clock.now();
  if (time === Number.POSITIVE_INFINITY) return run(call);
  if (time <= 0) return Promise.reject(tooLate());
  return inTime(clock, time, run(call), () => {
    const error = new FunctionError('timeout', `The call took longer than ${Math.round(time)} ms.`);
    told('timeout.reached', 'timeout', outer, { ms: time });
    call.end(error);
    return error;
  });
}

/** The error for a deadline that has passed before the call. */
export function tooLate(): FunctionError {
  return new FunctionError('timeout', 'The deadline had passed before the call, so nothing was called.');
}

/**
 * The result of some work, or the signal's reason as soon as it aborts. It listens before the work begins, which may
 * abort the signal itself.
 */
export function raced<T>(run: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const leave = (): void => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    run().then(
      (value) => {
        signal.removeEventListener('abort', leave);
        resolve(value);
      },
      (error) => {
        signal.removeEventListener('abort', leave);
        reject(error);
      },
    );
  });
}
