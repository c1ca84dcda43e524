import { type Clock, FunctionError, type Logger } from '@tradewind/core';
import { inTime } from '@tradewind/core/adapter';

/** What is to be known of where a handler runs: an invocation's context has it, a plain function brings its own. */
export interface Around {
  readonly functionName: string;
  readonly invocationId: string;
  readonly platform: string;
  /** In ms since the epoch; `Infinity` where there is none. */
  readonly deadline: number;
  /** In ms since the epoch: when nobody waits for the answer any more. */
  readonly abortAt: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** In ms: what is asked of a store takes no longer, or the store is down. */
export const PATIENCE = 5_000;
/** In ms: what is kept of the time there is, to answer in. */
const LAST_MOMENT = 100;

/** In ms: the time that is left to wait in, and then to answer. */
export function timeLeft({ clock, abortAt }: Around): number {
  return abortAt - LAST_MOMENT - clock.now();
}

/**
 * An answer, within some time. One that is late stays on its way.
 *
 * @throws FunctionError `timeout` after `patience` ms, or shortly before the deadline.
 */
export function answerOf<T>(answer: PromiseLike<T>, around: Around, patience: number = PATIENCE): PromiseLike<T> {
  const ms = Math.min(patience, timeLeft(around));
  if (ms === Number.POSITIVE_INFINITY) return answer;
  return inTime(around.clock, ms, answer, () => {
    const time = Math.max(0, Math.round(ms));
    return new FunctionError('timeout', `There was no answer within ${time} ms.`);
  });
}
