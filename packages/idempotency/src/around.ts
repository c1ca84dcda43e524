import { type Clock, FunctionError, type Logger } from '@tradewind/core';
import { inTime } from '@tradewind/core/adapter';

/** The surroundings of a handler: an invocation's context has them, a plain function brings its own. */
export interface Around {
  readonly functionName: string;
  readonly invocationId: string;
  readonly platform: string;
  /** In ms since the epoch; `Infinity` if there is none. */
  readonly deadline: number;
  /** In ms since the epoch: when nobody waits for the response any more. */
  readonly abortAt: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** In ms: a store that takes longer counts as down. */
export const PATIENCE = 5_000;
/** In ms: reserved for the response. */
const LAST_MOMENT = 100;

/** In ms: how long there is to wait before the response must be sent. */
export function timeLeft({ clock, abortAt }: Around): number {
  return abortAt - LAST_MOMENT - clock.now();
}

/**
 * A store's answer, within a time limit. A late answer is not cancelled.
 *
 * @throws FunctionError `timeout` after `patience` ms, or shortly before the deadline.
 */
export function answerOf<T>(answer: PromiseLike<T>, around: Around, patience: number = PATIENCE): PromiseLike<T> {
  const ms = Math.min(patience, timeLeft(around));
  if (ms === Number.POSITIVE_INFINITY) return answer;
  return inTime(around.clock, ms, answer, () => {
    const time = Math.max(0, Math.round(ms));
    return new FunctionError('timeout', `The idempotency store did not answer within ${time} ms.`);
  });
}
