import type { Clock } from '../context/clock.js';

/** A clock whose time moves only when it is told to. */
export interface VirtualClock extends Clock {
  /** Advances the time by `ms`. Every sleep that is due by then ends, in order, each at its own time. */
  advance(ms: number): Promise<void>;
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/**
 * Makes a clock for tests, with which a ten-minute wait takes no time.
 *
 * @param start - ms since the epoch. Default: 0.
 * @example
 * ```ts
 * import { virtualClock } from '@tradewind/core/testing';
 *
 * const clock = virtualClock();
 * const slept = clock.sleep(600_000);
 * await clock.advance(600_000);
 * await slept;
 * ```
 */
export function virtualClock(start = 0): VirtualClock {
  let now = start;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const stop = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          due: now + Math.max(0, ms || 0),
          wake: () => {
            signal?.removeEventListener('abort', stop);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', stop, { once: true });
      }),
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        let next: Sleeper | undefined;
        for (const sleeper of sleepers) {
          if (sleeper.due <= end && (!next || sleeper.due < next.due)) next = sleeper;
        }
        if (!next) break;
        sleepers.delete(next);
        now = next.due;
        next.wake();
        await settle();
      }
      now = end;
    },
  };
}

/** Lets the code that was woken run, and possibly sleep again, before the time advances. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await undefined;
}
