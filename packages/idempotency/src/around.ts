import { type Clock, FunctionError, type Logger, systemClock } from '@tradewind/core';

/** What is to be known of where a handler runs: an invocation's context has it, a plain function brings its own. */
export interface Around {
  readonly functionName: string;
  readonly invocationId: string;
  readonly platform: string;
  /** In ms since the epoch; `Infinity` where there is none. */
  readonly deadline: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** In ms: what is asked of a store takes no longer, or the store is down. */
const PATIENCE = 5_000;
/** In ms: what is kept of the time there is, to answer in. */
const LAST_MOMENT = 100;

/** In ms: the time that is left to wait in, and then to answer. */
export function timeLeft({ clock, deadline }: Around): number {
  return deadline - LAST_MOMENT - clock.now();
}

/**
 * Does something after `ms` by a clock, unless it is stopped. Each operation of a store wants one that hardly ever rings, and
 * of the real time a bare timer costs a tenth of what an aborted sleep does.
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

/** A longer one overflows the timer's 32 bits and rings at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * An answer, within some time. One that is late stays on its way.
 *
 * @throws FunctionError `timeout` after `patience` ms, or shortly before the deadline.
 */
export function inTime<T>(answer: PromiseLike<T>, around: Around, patience: number = PATIENCE): PromiseLike<T> {
  const ms = Math.min(patience, timeLeft(around));
  if (ms === Number.POSITIVE_INFINITY) return answer;
  return new Promise((resolve, reject) => {
    const stop = after(around.clock, ms, () =>
      reject(new FunctionError('timeout', `There was no answer within ${Math.max(0, Math.round(ms))} ms.`)),
    );
    answer.then(
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
