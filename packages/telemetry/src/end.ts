import { type AnyEvent, type HttpResult, isDeliverySignal, isFunctionError, type Result } from '@tradewind/core';
import { batchResults, isResult, statusOf, thrownBehind } from '@tradewind/core/adapter';
import { nameOf } from './error-name.js';

/** How a delivery ended, in the function's words. */
export type Outcome = 'ack' | 'retry' | 'retryLater' | 'reject';

/** How an invocation ended: a request, a message, a batch. */
export interface End {
  /** Of a request. */
  readonly status?: number;
  /** Of a message; of a batch `retry` where one of it failed. */
  readonly outcome?: Outcome;
  /** Of a batch: how many of its messages ended so. */
  readonly outcomes?: Readonly<Partial<Record<Outcome, number>>>;
  /** In a word, what went wrong: a FunctionError's code, another error's name, the status of an answer that is the server's fault. */
  readonly error?: string;
  /** What was thrown, where that is what went wrong. */
  readonly thrown?: unknown;
}

/** The end of an invocation that gave a result. */
export function endOf(event: AnyEvent, functionName: string, result: Result): End {
  // A layer that forgot to return next() has failed.
  if (!isResult(result)) throw new TypeError('A layer returned no result.');
  const { value } = result as Result;
  if ('messages' in event) return batchEnd(event.messages.length, functionName, value);
  if (!('method' in event)) return { outcome: 'ack' };
  const { status } = value as HttpResult;
  const thrown = thrownBehind(value);
  return thrown ? answered(status, thrown.error) : status < 500 ? { status } : { status, error: String(status) };
}

/** The end of an invocation that threw. */
export function thrownEnd(event: AnyEvent, thrown: unknown): End {
  if ('method' in event) return answered(isFunctionError(thrown) ? statusOf(thrown.code) : 500, thrown);
  const outcome = outcomeOf(thrown);
  // To be asked to wait is no error.
  return outcome === 'retryLater' ? { outcome } : { outcome, ...faultOf(thrown) };
}

/** The end of one that took too long: core has answered for it, or has given the message back. */
export function lateEnd(event: AnyEvent): End {
  return 'method' in event ? { status: 504, error: 'timeout' } : { outcome: 'retry', error: 'timeout' };
}

/** The end of one whose answer has begun, and has broken off. */
export function brokenEnd(end: End, error: unknown): End {
  return { ...end, ...faultOf(error) };
}

/** What a client does wrong is no error of the server's. */
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
