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

/** How a delivery ended, in the function's words. */
export type Outcome = 'ack' | 'retry' | 'retryLater' | 'reject';

/** What one delivery came to. */
export interface Settlement {
  readonly outcome: Outcome;
  /** Whether the platform may forget the message. */
  readonly done: boolean;
  /** In ms, for `retryLater`. */
  readonly after?: number;
  readonly error?: unknown;
}

/** One message, decoded. */
export interface Delivery {
  readonly event: CloudEvent;
  /** Counted from 1, where the platform says it. */
  readonly attempt: number | undefined;
  /** Why the message cannot be handled: what came is none that its platform or its format has. */
  readonly error?: unknown;
}

const ACK: Settlement = Object.freeze({ outcome: 'ack', done: true });

/**
 * For adapters: runs a function for one message of an invocation. Never throws, and settles within the margin before the
 * deadline: what is not done by then comes again.
 */
export function deliver(fn: AnyFunction, delivery: Delivery, invocation: InvocationContext): Awaitable<Settlement> {
  const { event, error } = delivery;
  const context = invocation.fork(attemptOf(delivery, invocation));
  // What is handed on is what came, whatever a handler does to what it gets.
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

/** For adapters: the message as it came, where it may be handed on. */
export function keep(event: CloudEvent, { wiring }: InvocationContext): CloudEvent {
  if (!wiring?.deadLetter && !wiring?.redeliver) return event;
  try {
    return structuredClone(event);
  } catch {
    // Only in a test is there anything in a message that cannot be copied.
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

/** For adapters: what becomes of a message whose handling threw. */
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
  // The copy tells how often the message has been delivered, since the platform counts it anew.
  const attempts = context.deliveryAttempt ?? 1;
  const copy = { ...event, extensions: { ...event.extensions, [ATTEMPTS]: attempts } };
  const options = { delay: after, deduplication: `${event.id}-${attempts}` };
  return handedOn(redeliver, copy, options, { outcome, after, error }, event, context);
}

/** The extension that says how often a message was delivered before it was sent again. */
const ATTEMPTS = 'tradewindattempts';

const MOST_ATTEMPTS = 1_000;

/**
 * For adapters: which delivery of a message it is, those before it was sent again included. Only where messages are sent
 * again, and within reason: whoever can send a message can write the extension.
 */
export function attemptOf({ event, attempt }: Delivery, { wiring }: InvocationContext): number | undefined {
  const before = event.extensions[ATTEMPTS];
  const isSane = typeof before === 'number' && Number.isInteger(before) && before > 0 && before <= MOST_ATTEMPTS;
  return attempt !== undefined && isSane && wiring?.redeliver ? attempt + before : attempt;
}

/** A message is done only when the transport that it goes on with has taken it. */
function handedOn(
  transport: Transport,
  copy: CloudEvent,
  options: TransportOptions,
  settlement: Omit<Settlement, 'done'>,
  event: CloudEvent,
  context: InvocationContext,
): Awaitable<Settlement> {
  // In a promise's own step, so that a transport which throws at once is one that rejects.
  const sent = Promise.resolve().then(() => sendBy(transport, copy, options, context, 'retryLater'));
  return context.inTime(sent).then(
    () => told({ ...settlement, done: true }, event, context),
    (thrown) => {
      const cause = scrubbed(thrown);
      const error = new FunctionError('unavailable', 'The message could not be handed on.', { cause });
      return told({ ...settlement, done: false, error }, event, context);
    },
  );
}

/** For adapters: logs what is no success, and tells the observers. */
export function told(settlement: Settlement, event: CloudEvent, context: InvocationContext): Settlement {
  if (settlement.outcome !== 'ack') logged(settlement, event, context);
  if (isObserved()) announced(settlement, event, context);
  return settlement;
}

function logged({ outcome, done, error }: Settlement, { id }: CloudEvent, context: InvocationContext): void {
  const fate = done ? 'is done with' : 'will come again';
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
  return new FunctionError('timeout', 'The deadline was too near to start with this message.');
}
