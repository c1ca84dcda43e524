import type { InvocationContext } from '../context/context.js';
import type { CloudEvent } from '../messages/event.js';
import { downgraded } from './downgraded.js';

/** How a transport should send an event. */
export interface TransportOptions {
  /** The event is delivered no sooner than this, in ms. */
  readonly delay?: number | undefined;
  /** Messages of a group are delivered in order, if the transport has groups. */
  readonly group?: string | undefined;
  /**
   * Of two messages with the same key, the second is dropped, if the transport can (SQS FIFO). Default: the event's id.
   */
  readonly deduplication?: string | undefined;
}

/** A way to send events: a queue, a topic, a bus. */
export interface Transport {
  /** The longest delay that it supports, in ms; 0 if none. Default: no limit. */
  readonly longestDelay?: number;
  send(event: CloudEvent, options: TransportOptions, context: InvocationContext): PromiseLike<unknown>;
}

/** Sends an event, and informs the observers if its delay is shortened. */
export function sendBy(
  transport: Transport,
  event: CloudEvent,
  options: TransportOptions,
  context: InvocationContext,
  from: 'retryLater' | 'send',
): PromiseLike<unknown> {
  const { longestDelay = Number.POSITIVE_INFINITY } = transport;
  if ((options.delay ?? 0) > longestDelay) {
    downgraded(
      context,
      event.id,
      longestDelay,
      `The transport can delay a message by ${longestDelay} ms at most.`,
      from,
    );
  }
  return transport.send(event, options, context);
}
