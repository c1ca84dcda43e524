import type { InvocationContext } from '../context/context.js';
import { report } from '../context/logger.js';
import { scrubbed } from '../context/secrets.js';
import { done } from '../done.js';
import { FunctionError } from '../errors.js';
import type { AnyFunction } from '../function/define.js';
import type { CloudEvent } from '../messages/event.js';
import { emit, isObserved } from '../observe.js';
import { type Awaitable, isThenable } from '../thenable.js';
import { toDeadLetter } from './dead-letter.js';
import { isDeliverySignal } from './signal.js';
import { sendBy, type Transport, type TransportOptions } from './transport.js';

/** How the function ended a delivery: it returned, threw an error, or threw `retryLater(...)` or `reject(...)`. */
export type Outcome = 'ack' | 'retry' | 'retryLater' | 'reject';

/** The result of one delivery. */
export interface Settlement {
  readonly outcome: Outcome;
  /** Whether the message is done. If not, it is redelivered. */
  readonly done: boolean;
  /** In ms, for `retryLater`. */
  readonly after?: number;
  readonly error?: unknown;
}

/** One message, decoded. */
export interface Delivery {
  readonly event: CloudEvent;
  /** Counted from 1; undefined if the platform does not say. */
  readonly attempt: number | undefined;
  /** Why the message cannot be handled: it is not valid on its platform or in its format. */
  readonly error?: unknown;
}

const ACK: Settlement = Object.freeze({ outcome: 'ack', done: true });

/**
 * For adapters: runs a function for one message of an invocation. Never throws. A message that is not done when the
 * margin before the deadline begins is redelivered.
 */
export function deliver(fn: AnyFunction, delivery: Delivery, invocation: InvocationContext): Awaitable<Settlement> {
  const { event, error } = delivery;
  const context = invocation.fork(attemptOf(delivery, invocation));
  // What is sent on is the message as it arrived, even if a handler changes its event.
  const kept = keep(event, invocation);
  if (error !== undefined) return failed(error, kept, context);
  if (context.expired) return told({ outcome: 'retry', done: false, error: tooLate() }, kept, context);
  try {
    const value = fn.run(event, context);
    return isThenable(value) ? later(value, kept, context) : settledBy(value, kept, context);
  } catch (thrown) {
    return failed(thrown, kept, context);
  }
}

/** For adapters: a copy of the message as it arrived, if it may be sent on. */
export function keep(event: CloudEvent, { wiring }: InvocationContext): CloudEvent {
  if (!wiring?.deadLetter && !wiring?.redeliver) return event;
  try {
    return structuredClone(event);
  } catch {
    // Only a test can have a message with content that cannot be cloned.
    return event;
  }
}

function later(value: PromiseLike<unknown>, event: CloudEvent, context: InvocationContext): Awaitable<Settlement> {
  return context.inTime(value).then(
    (ready) => settledBy(ready, event, context),
    (error) => failed(error, event, context),
  );
}

function settledBy(value: unknown, event: CloudEvent, context: InvocationContext): Awaitable<Settlement> {
  try {
    done(value);
  } catch (error) {
    return failed(error, event, context);
  }
  return told(ACK, event, context);
}

/** For adapters: settles a message whose handling threw. */
export function failed(thrown: unknown, event: CloudEvent, context: InvocationContext): Awaitable<Settlement> {
  const error = scrubbed(thrown);
  if (!isDeliverySignal(error)) return told({ outcome: 'retry', done: false, error }, event, context);
  const { deadLetter, redeliver } = context.wiring ?? {};
  const { outcome, after } = error;
  if (outcome === 'reject') {
    if (!deadLetter) return told({ outcome, done: context.dropsRejected, error }, event, context);
    return handedOn(deadLetter, toDeadLetter(event, error, context), {}, { outcome, error }, event, context);
  }
  if (!redeliver) return told({ outcome, done: false, after, error }, event, context);
  // The copy carries the number of deliveries so far, because the platform counts from 1 again.
  const attempts = context.deliveryAttempt ?? 1;
  const copy = { ...event, extensions: { ...event.extensions, [ATTEMPTS]: attempts } };
  const options = { delay: after, deduplication: `${event.id}-${attempts}` };
  return handedOn(redeliver, copy, options, { outcome, after, error }, event, context);
}

/** The extension with the number of deliveries before the message was sent again. */
const ATTEMPTS = 'tradewindattempts';

const MOST_ATTEMPTS = 1_000;

/**
 * For adapters: which delivery of a message this is, including those before it was sent again. The extension counts
 * only if the function has `redeliver`, and only up to a limit, because any sender can set it.
 */
export function attemptOf({ event, attempt }: Delivery, { wiring }: InvocationContext): number | undefined {
  const before = event.extensions[ATTEMPTS];
  const isSane = typeof before === 'number' && Number.isInteger(before) && before > 0 && before <= MOST_ATTEMPTS;
  return attempt !== undefined && isSane && wiring?.redeliver ? attempt + before : attempt;
}

/** Sends a message on. It is done only when the transport has accepted it. */
function handedOn(
  transport: Transport,
  copy: CloudEvent,
  options: TransportOptions,
  settlement: Omit<Settlement, 'done'>,
  event: CloudEvent,
  context: InvocationContext,
): Awaitable<Settlement> {
  // In a `then`, so that a transport that throws synchronously is treated like one that rejects.
  const sent = Promise.resolve().then(() => sendBy(transport, copy, options, context, 'retryLater'));
  return context.inTime(sent).then(
    () => told({ ...settlement, done: true }, event, context),
    (thrown) => {
      const cause = scrubbed(thrown);
      const error = new FunctionError('unavailable', 'The message could not be sent on.', { cause });
      return told({ ...settlement, done: false, error }, event, context);
    },
  );
}

/** For adapters: logs a settlement, unless it is a success, and informs the observers. */
export function told(settlement: Settlement, event: CloudEvent, context: InvocationContext): Settlement {
  if (settlement.outcome !== 'ack') logged(settlement, event, context);
  if (isObserved()) announced(settlement, event, context);
  return settlement;
}

function logged({ outcome, done, error }: Settlement, { id }: CloudEvent, context: InvocationContext): void {
  // Without a sink, the platform decides: over HTTP, for example, a rejected message is a 400.
  const isRefused = outcome === 'reject' && isDeliverySignal(error);
  const fate = done ? 'is done' : isRefused ? 'is refused, and may be redelivered' : 'will be redelivered';
  report(context.log, outcome === 'retryLater' ? 'warn' : 'error', `Message '${id}': ${outcome}. It ${fate}.`, {
    messageId: id,
    attempt: context.deliveryAttempt,
    error,
  });
}

function announced(settlement: Settlement, { id: messageId }: CloudEvent, context: InvocationContext): void {
  const { functionName, invocationId } = context;
  emit(() => ({ type: 'delivery.settled', functionName, invocationId, messageId, ...settlement }));
}

function tooLate(): FunctionError {
  return new FunctionError('timeout', 'The deadline was too close to start this message.');
}
