/** Time, as everything here sees it; tests give a virtual one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits `ms` milliseconds, or less: an abort of the signal rejects with the signal's reason at once. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

// A longer delay overflows the timer's 32 bits and fires at once.
const LONGEST_TIMER = 2 ** 31 - 1;

/** The real time. */
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
        Math.min(ms, LONGEST_TIMER),
      );
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', stop);
    }),
};

/**
 * Does something after `ms`, unless it is stopped. Most of what waits so hardly ever rings, and of the real time a bare
 * timer costs a tenth of what an aborted sleep does.
 *
 * @returns stops it.
 */
export function after(clock: Clock, ms: number, ring: () => void): () => void {
  if (clock === systemClock && ms < LONGEST_TIMER) {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  }
  const stop = new AbortController();
  clock.sleep(ms, stop.signal).then(ring, () => {});
  return () => stop.abort();
}

/**
 * What comes of some work, within some time. Work that is late stays on its way.
 *
 * @param ms - how long it may take.
 * @param late - called where it takes longer: what the promise rejects with.
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
