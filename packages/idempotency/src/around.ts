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
/** In ms: reserved for the response; half of the time, if that is less. */
export const LAST_MOMENT = 100;

/** In ms: how long there is to wait before the response must be sent. Not below 0 until the signal aborts. */
export function timeLeft({ clock, abortAt }: Around): number {
  const left = abortAt - clock.now();
  return left - Math.max(0, Math.min(LAST_MOMENT, left / 2));
}

/**
 * A store's answer, within a time limit. A late answer is not cancelled.
 *
 * @throws FunctionError `timeout` after `patience` ms, or shortly before the deadline.
 */
export function answerOf<T>(answer: PromiseLike<T>, around: Around, patience: number = PATIENCE): PromiseLike<T> {
  return within(answer, around, Math.min(patience, timeLeft(around)));
}

/** A store's answer, within a time limit that does not depend on the response. A late answer is not cancelled. */
export function within<T>(answer: PromiseLike<T>, { clock }: Around, patience: number): PromiseLike<T> {
  const ms = Math.max(0, patience);
  if (ms === Number.POSITIVE_INFINITY) return answer;
  const late = () => new FunctionError('timeout', `The idempotency store did not answer within ${Math.round(ms)} ms.`);
  return inTime(clock, ms, answer, late);
}
