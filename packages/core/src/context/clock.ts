/** The source of time. Tests can pass a virtual clock. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits `ms` milliseconds. If the signal aborts first, rejects with its reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

// A longer delay overflows the 32 bits of a timer, which then fires at once. A deadline that has passed is no delay.
const LONGEST_TIMER = 2 ** 31 - 1;

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        },
        ms > 0 ? Math.min(ms, LONGEST_TIMER) : 0,
      );
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', stop);
    }),
};

/**
 * Calls `ring` after `ms`, unless it is stopped. Most of these timers are stopped before they fire, and with the real
 * clock a plain timer costs a tenth of an aborted sleep.
 *
 * @returns a function that stops the timer.
 */
export function after(clock: Clock, ms: number, ring: () => void): () => void {
  if (clock === systemClock && ms > 0 && ms < LONGEST_TIMER) {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  }
  const stop = new AbortController();
  clock.sleep(ms, stop.signal).then(ring, () => {});
  return () => stop.abort();
}

/**
 * Waits for work, with a time limit. Work that takes longer is not cancelled.
 *
 * @param ms - the time limit.
 * @param late - called when the limit has passed: returns what the promise rejects with.
 */
export function inTime<T>(clock: Clock, ms: number, work: PromiseLike<T>, late: () => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = after(clock, ms, () => reject(late()));
    work.then(
      (value) => {
        stop();
        resolve(value);
      },
      (error) => {
        stop();
        reject(error);
      },
    );
  });
}
