import type { AnyFunction } from '@tradewind/core';
import { type Awaitable, andThen, dataFromText, type InvocationContext } from '@tradewind/core/adapter';
import { type Delivery, deliver, type Failure } from '../shared/messages.js';
import type { WorkersBatch, WorkersMessage } from './types.js';

/** Cloudflare Queues: each message is acked or retried on its own. */
export const queueBinding: { readonly decode: typeof decode; readonly encode: typeof encode } = { decode, encode };

function decode(message: WorkersMessage, batch: WorkersBatch): Delivery {
  const { id, timestamp, body, attempts } = message;
  const event = {
    id,
    source: `urn:cloudflare:queue:${batch.queue}`,
    type: 'cloudflare.queue.message',
    time: timestamp.toISOString(),
    extensions: {},
    data: typeof body === 'string' ? dataFromText(body) : body,
  };
  return { event, attempt: attempts };
}

/** A message that is not marked is acked when the batch is over, so each one is marked, whatever happens. */
function encode(message: WorkersMessage, failure: Failure): void {
  if (failure) message.retry();
  else message.ack();
}

/** Runs the function for one message and marks it. */
export function settle(
  fn: AnyFunction,
  message: WorkersMessage,
  batch: WorkersBatch,
  invocation: InvocationContext,
): Awaitable<void> {
  const failure = deliver(fn, message.id, () => queueBinding.decode(message, batch), invocation);
  return andThen(failure, (failed) => queueBinding.encode(message, failed));
}
