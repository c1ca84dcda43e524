import { type AnyEvent, isDeliverySignal, isFunctionError, type Result } from '@tradewind/core';
import { batchResults, isResult, statusOf, thrownBehind, toHttpResult } from '@tradewind/core/adapter';
import { nameOf } from './error-name.js';

/** How a delivery ended. */
export type Outcome = 'ack' | 'retry' | 'retryLater' | 'reject';

/** How an invocation (a request, a message or a batch) ended. */
export interface End {
  /** For a request. */
  readonly status?: number;
  /** For a message; for a batch `retry` if any of its messages failed. */
  readonly outcome?: Outcome;
  /** For a batch: the number of messages per outcome. */
  readonly outcomes?: Readonly<Partial<Record<Outcome, number>>>;
  /** What went wrong: a FunctionError's code, another error's name, or the status of a 5xx response. */
  readonly error?: string;
  /** What was thrown, if that is what went wrong. */
  readonly thrown?: unknown;
}

/** The end of an invocation that returned a result. */
export function endOf(event: AnyEvent, functionName: string, result: Result): End {
  // A layer that forgot to return next() counts as failed.
  if (!isResult(result)) throw new TypeError('A layer returned no result: it must return next() or reply(...).');
  const { value } = result as Result;
  if ('messages' in event) return batchEnd(event.messages.length, functionName, value);
  if (!('method' in event)) return { outcome: 'ack' };
  // A layer may give a web Response, or any value.
  const { status } = toHttpResult(value);
  const thrown = thrownBehind(Object(value));
  return thrown ? answered(status, thrown.error) : status < 500 ? { status } : { status, error: String(status) };
}

/** The end of an invocation that threw. */
export function thrownEnd(event: AnyEvent, thrown: unknown): End {
  if ('method' in event) return answered(isFunctionError(thrown) ? statusOf(thrown.code) : 500, thrown);
  const outcome = outcomeOf(thrown);
  // retryLater is not an error.
  return outcome === 'retryLater' ? { outcome } : { outcome, ...faultOf(thrown) };
}

/** The end of an invocation that timed out: core has responded for it, or has returned the message. */
export function lateEnd(event: AnyEvent): End {
  return 'method' in event ? { status: 504, error: 'timeout' } : { outcome: 'retry', error: 'timeout' };
}

/** The end of a request whose response was started and then failed. */
export function brokenEnd(end: End, error: unknown): End {
  return { ...end, ...faultOf(error) };
}

/** A client's mistake is not a server error. */
function answered(status: number, thrown: unknown): End {
  return status < 500 ? { status } : { status, ...faultOf(thrown) };
}

function batchEnd(length: number, functionName: string, value: unknown): End {
  const rejected = batchResults(functionName, length, value).filter((result) => result.status === 'rejected');
  const outcomes: Partial<Record<Outcome, number>> = {};
  if (rejected.length < length) outcomes.ack = length - rejected.length;
  for (const { reason } of rejected) outcomes[outcomeOf(reason)] = (outcomes[outcomeOf(reason)] ?? 0) + 1;
  const wrong = rejected.find(({ reason }) => outcomeOf(reason) !== 'retryLater');
  return { outcome: rejected.length === 0 ? 'ack' : 'retry', outcomes, ...(wrong && faultOf(wrong.reason)) };
}

function outcomeOf(thrown: unknown): Outcome {
  return isDeliverySignal(thrown) ? thrown.outcome : 'retry';
}

function faultOf(thrown: unknown): Pick<End, 'error' | 'thrown'> {
  return { error: nameOf(thrown), thrown };
}
