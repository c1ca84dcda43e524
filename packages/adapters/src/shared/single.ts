import { type AnyFunction, type CloudEvent, FunctionError, type SingleTrigger } from '@tradewind/core';
import {
  type Awaitable,
  andThen,
  type Delivery,
  downgraded,
  type InvocationContext,
  type QueueTrigger,
  type Settlement,
} from '@tradewind/core/adapter';

/**
 * Runs a function for the only event, message or scheduled time of an invocation, and ends the invocation. A function
 * that takes a batch gets a batch of one.
 */
export function deliverSingle(
  fn: AnyFunction,
  delivery: Delivery,
  invocation: InvocationContext,
): Awaitable<Settlement> {
  const { deliver } = fn.trigger as Partial<SingleTrigger<'event', unknown, unknown>>;
  const settled = deliver ? deliver(fn, delivery, invocation) : deliverBatchOfOne(fn, delivery, invocation);
  return andThen(settled, ended, invocation);
}

function deliverBatchOfOne(fn: AnyFunction, delivery: Delivery, invocation: InvocationContext): Awaitable<Settlement> {
  const { deliverAll } = fn.trigger as QueueTrigger;
  let only: Settlement | undefined;
  const done = deliverAll(fn, [delivery], [[0]], invocation, (_index, settlement) => {
    only = settlement;
  });
  return andThen(done, () => only as Settlement);
}

function ended(settlement: Settlement, invocation: InvocationContext): Awaitable<Settlement> {
  return invocation.open ? invocation.end().then(() => settlement) : settlement;
}

/** How a platform passes one event, message or scheduled time per invocation. */
export interface SingleBinding<Invocation extends InvocationContext> {
  /** @throws FunctionError `foreign_event` for an event that the function cannot handle. */
  decode(came: unknown, fn: AnyFunction, invocation: Invocation): Delivery;
  /** Why the platform cannot keep a delay. */
  readonly noDelay: string;
}

/**
 * Runs a function for an event on a platform that knows only success and failure: it throws if the event is not done.
 */
export function runSingle<Invocation extends InvocationContext>(
  fn: AnyFunction,
  { decode, noDelay }: SingleBinding<Invocation>,
  came: unknown,
  invocation: Invocation,
): Awaitable<void> {
  const delivery = decode(came, fn, invocation);
  return andThen(deliverSingle(fn, delivery, invocation), (settlement) =>
    settle(settlement, delivery.event, invocation, noDelay),
  );
}

/**
 * Reports how the only event of an invocation ended, on a platform that knows only success and failure: it throws if
 * the event is not done.
 *
 * @param noDelay - why the platform cannot keep a delay.
 */
export function settle(
  settlement: Settlement,
  event: CloudEvent,
  invocation: InvocationContext,
  noDelay: string,
): void {
  const failure = failureOf(settlement, event, invocation, noDelay);
  if (failure) throw failure;
}

/**
 * The error to throw for an event that is not done. Always an Error, because a platform may take `undefined` for
 * success.
 */
export function failureOf(
  { done, outcome, error }: Settlement,
  event: CloudEvent,
  invocation: InvocationContext,
  noDelay: string,
): Error | undefined {
  if (done) return undefined;
  if (outcome === 'retryLater') downgraded(invocation, event.id, 'retry', noDelay);
  return error instanceof Error
    ? error
    : new FunctionError('internal', 'The value that was thrown is not an Error.', { cause: error });
}
