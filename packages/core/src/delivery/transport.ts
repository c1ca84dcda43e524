import type { InvocationContext } from '../context/context.js';
import type { CloudEvent } from '../messages/event.js';
import { downgraded } from './downgraded.js';

/** What a transport may be told beside the event. */
export interface TransportOptions {
  /** In ms. */
  readonly delay?: number | undefined;
  readonly group?: string | undefined;
  /** Two messages with the same key are one, where the transport knows that (SQS FIFO). Default: the event's id. */
  readonly deduplication?: string | undefined;
}

/** A way to send events: a queue, a topic, a bus. */
export interface Transport {
  /** In ms: how long it can delay an event; 0 where it cannot. Default: as long as it is asked to. */
  readonly longestDelay?: number;
  send(event: CloudEvent, options: TransportOptions, context: InvocationContext): PromiseLike<unknown>;
}

/** Sends an event, and tells the observers where its delay is shortened. */
export function sendBy(
  transport: Transport,
  event: CloudEvent,
  options: TransportOptions,
  context: InvocationContext,
  from: 'retryLater' | 'send',
): PromiseLike<unknown> {
  const { longestDelay = Number.POSITIVE_INFINITY } = transport;
  if ((options.delay ?? 0) > longestDelay) {
    downgraded(context, event.id, longestDelay, `The transport delays by ${longestDelay} ms at most.`, from);
  }
  return transport.send(event, options, context);
}
