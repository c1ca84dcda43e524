/** The source of time. Tests can pass a virtual clock. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits `ms` milliseconds. If the signal aborts first, rejects with its reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A delay as timers take it: a longer one overflows their 32 bits and fires at once, and a negative one warns. */
function delay(ms: number): number {
  return ms > 0 ? Math.min(ms, 2 ** 31 - 1) : 0;
}

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, delay(ms));
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
  if (clock === systemClock) {
    const timer = setTimeout(ring, delay(ms));
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
