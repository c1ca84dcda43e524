import type { AnyFunction, CloudEvent } from '@tradewind/core';
import {
  type Awaitable,
  downgraded,
  type InvocationContext,
  type QueueTrigger,
  report,
  type Settlement,
} from '@tradewind/core/adapter';
import { refused } from '../shared/parsed.js';
import { toSeconds } from '../shared/seconds.js';
import { LONGEST_DELAY } from './longest-delay.js';
import type { WorkersBatch, WorkersMessage } from './types.js';

/** Cloudflare Queues: each message is acked or retried individually. */
export const queueBinding: { readonly decode: typeof decode; readonly encode: typeof encode } = { decode, encode };

function decode({ id, timestamp, body }: WorkersMessage, queue: string): CloudEvent {
  return {
    id,
    source: `urn:cloudflare:queue:${queue}`,
    type: 'cloudflare.queue.message',
    time: isTime(timestamp) ? timestamp.toISOString() : undefined,
    extensions: {},
    data: body,
  };
}

function isTime(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

/** Acks or retries a message. Workers ack a message without a mark at the end of the batch, so each one is marked. */
function encode(
  message: WorkersMessage,
  { done, outcome, after = 0 }: Settlement,
  invocation: InvocationContext,
): void {
  if (done) message.ack();
  else if (outcome === 'retryLater') retryLater(message, after, invocation);
  else message.retry();
}

function retryLater(message: WorkersMessage, after: number, invocation: InvocationContext): void {
  const delaySeconds = toSeconds(after, LONGEST_DELAY);
  if (delaySeconds * 1_000 < after) {
    downgraded(invocation, message.id, delaySeconds * 1_000, 'Cloudflare Queues delay by 24 hours at most.');
  }
  message.retry({ delaySeconds });
}

/** Marks a message. If that fails, the other messages must still be marked. */
function mark(message: WorkersMessage, settlement: Settlement, invocation: InvocationContext): void {
  try {
    queueBinding.encode(message, settlement, invocation);
  } catch (error) {
    report(invocation.log, 'error', `Message '${message.id}' could not be acked or retried.`, { error });
  }
}

/** Runs the function for every message of a batch, and acks or retries each one as soon as it is settled. */
export function deliverBatch(fn: AnyFunction, batch: WorkersBatch, invocation: InvocationContext): Awaitable<void> {
  const { messages, queue } = batch;
  const { deliverAll, toDelivery } = fn.trigger as QueueTrigger;
  return deliverAll(
    fn,
    messages.map((message) => {
      const event = queueBinding.decode(message, queue);
      return refused(message.body, event, message.attempts) ?? toDelivery(event, message.attempts);
    }),
    messages.map((_, index) => [index]),
    invocation,
    (index, settlement) => mark(messages[index] as WorkersMessage, settlement, invocation),
  );
}
