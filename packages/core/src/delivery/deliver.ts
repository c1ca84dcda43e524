import type { InvocationContext } from '../context/context.js';
import { report } from '../context/logger.js';
import { FunctionError } from '../errors.js';
import type { AnyFunction } from '../function/define.js';
import type { CloudEvent } from '../messages/event.js';
import { emit, isObserved } from '../observe.js';
import { type Awaitable, isThenable } from '../thenable.js';
import { toDeadLetter } from './dead-letter.js';
import type { Transport, TransportOptions } from './sender.js';
import { isDeliverySignal } from './signal.js';

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
export function deliver(
  fn: AnyFunction,
  { event, attempt, error }: Delivery,
  invocation: InvocationContext,
): Awaitable<Settlement> {
  const context = invocation.fork(attempt);
  if (error !== undefined) return failed(error, event, context);
  if (context.expired) return told({ outcome: 'retry', done: false, error: tooLate() }, event, context);
  let value: unknown;
  try {
    value = fn.run(event, context);
  } catch (thrown) {
    return failed(thrown, event, context);
  }
  return isThenable(value) ? later(value, event, context) : told(ACK, event, context);
}

function later(value: PromiseLike<unknown>, event: CloudEvent, context: InvocationContext): Awaitable<Settlement> {
  return context.inTime(value).then(
    () => told(ACK, event, context),
    (error) => failed(error, event, context),
  );
}

/** For adapters: what becomes of a message whose handling threw. */
export function failed(error: unknown, event: CloudEvent, context: InvocationContext): Awaitable<Settlement> {
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

/** For adapters: which delivery of a message it is, those before it was sent again included. */
export function attemptOf(event: CloudEvent, counted: number | undefined): number | undefined {
  const before = event.extensions[ATTEMPTS];
  return counted !== undefined && typeof before === 'number' ? counted + before : counted;
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
  const sent = Promise.resolve().then(() => transport.send(copy, options, context));
  return context.inTime(sent).then(
    () => told({ ...settlement, done: true }, event, context),
    (cause) => {
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
