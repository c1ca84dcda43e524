import { type Clock, FunctionError, type Logger } from '@tradewind/core';

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
 * An answer, within some time. One that is late stays on its way.
 *
 * @throws FunctionError `timeout` after `patience` ms, or shortly before the deadline.
 */
export async function inTime<T>(answer: PromiseLike<T>, around: Around, patience: number = PATIENCE): Promise<T> {
  const ms = Math.min(patience, timeLeft(around));
  if (ms === Number.POSITIVE_INFINITY) return answer;
  const timer = new AbortController();
  const late = around.clock.sleep(ms, timer.signal).then(() => {
    throw new FunctionError('timeout', `There was no answer within ${Math.max(0, Math.round(ms))} ms.`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    timer.abort();
  }
}
