import type { AnyFunction } from '@tradewind/core';
import {
  type Awaitable,
  type Delivery,
  deliverAll,
  emit,
  type InvocationContext,
  type Settlement,
  toDelivery,
} from '@tradewind/core/adapter';
import type { WorkersBatch, WorkersMessage } from './types.js';

/** Cloudflare Queues: each message is acked or retried on its own. */
export const queueBinding: { readonly decode: typeof decode; readonly encode: typeof encode } = { decode, encode };

function decode(message: WorkersMessage, queue: string): Delivery {
  const { id, timestamp, body, attempts } = message;
  const event = {
    id,
    source: `urn:cloudflare:queue:${queue}`,
    type: 'cloudflare.queue.message',
    time: isTime(timestamp) ? timestamp.toISOString() : undefined,
    extensions: {},
    data: body,
  };
  return toDelivery(event, attempts);
}

function isTime(value: unknown): value is Date {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

const LONGEST_DELAY = 43_200;

/** A message that is not marked is acked when the batch is over, so each one is marked, whatever happens. */
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
  const delaySeconds = Math.min(Math.ceil(after / 1_000), LONGEST_DELAY);
  if (delaySeconds * 1_000 < after) {
    emit(() => ({
      type: 'delivery.downgraded',
      functionName: invocation.functionName,
      invocationId: invocation.invocationId,
      messageId: message.id,
      from: 'retryLater',
      to: delaySeconds * 1_000,
      reason: 'Cloudflare Queues delay by 12 hours at most.',
    }));
  }
  message.retry({ delaySeconds });
}

/** Runs the function for every message of a batch and marks each as soon as it is settled. */
export function deliverBatch(fn: AnyFunction, batch: WorkersBatch, invocation: InvocationContext): Awaitable<void> {
  const { messages, queue } = batch;
  return deliverAll(
    fn,
    messages.map((message) => queueBinding.decode(message, queue)),
    messages.map((_, index) => [index]),
    invocation,
    (index, settlement) => queueBinding.encode(messages[index] as WorkersMessage, settlement, invocation),
  );
}
