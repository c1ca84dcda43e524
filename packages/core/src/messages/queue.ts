import { deliverAll } from '../delivery/batch.js';
import { done } from '../done.js';
import { misconfigured, mustBe, mustBePositive } from '../errors.js';
import type { Trigger } from '../function/trigger.js';
import { type InputOf, mustBeSchema, type OutputOf, type StandardSchema } from '../schema.js';
import { type Awaitable, andThen } from '../thenable.js';
import { toDelivery } from './data.js';
import type { CloudEvent, QueueBatch } from './event.js';
import { checkMessage } from './parse.js';

/** What `queue(...)` is given. */
export interface QueueOptions<Data extends StandardSchema> {
  /** The queue's name. Where a platform hands over messages of several queues, it picks the function. */
  readonly queue: string;
  /** What a message carries. One that does not fit is rejected, see `reject`. */
  readonly data?: Data;
  /** The deadline in ms on a platform that has none of its own. Default: none. */
  readonly timeout?: number;
  /** How many messages of one batch are handled at a time; of an ordered source how many groups. Default: 10. */
  readonly concurrency?: number;
  /**
   * What becomes of a rejected message without a dead-letter sink: its delivery fails and the platform's redrive policy
   * takes it in the end (`'fail'`), or it is logged and forgotten (`'drop'`). Default: `'fail'`.
   */
  readonly onReject?: 'fail' | 'drop';
  /**
   * Says that the delays of `retryLater` matter. A platform that cannot delay then wants another way, or does not start.
   * Default: false: a delay that cannot be kept is a plain retry, observed as `delivery.downgraded`.
   */
  readonly delayedRetry?: boolean;
}

/** A queue trigger. */
export interface QueueTrigger<Event, Input> extends Trigger<'queue', Event, Input> {
  readonly queue: string;
  readonly concurrency: number;
  readonly onReject: 'fail' | 'drop';
  readonly delayedRetry: boolean;
  /** Whether a function takes all messages of a batch at once. */
  readonly isBatch: boolean;
  /** For core: a message with its data checked; throws a `DeliverySignal` where it does not fit. */
  checkItem(event: CloudEvent): Awaitable<CloudEvent>;
  // Here, so that an adapter for every kind carries them only where there is a queue function.
  /** For adapters: a message as its function sees it. */
  readonly toDelivery: typeof toDelivery;
  /** For adapters: runs a function for the messages of one invocation. */
  readonly deliverAll: typeof deliverAll;
}

/** A queue trigger whose messages come one at a time, and that can be made to give them all at once. */
export interface SingleQueueTrigger<Data, Input> extends QueueTrigger<CloudEvent<Data>, Input> {
  /**
   * All messages that the platform hands over at once, for a bulk insert or a bulk call. Those that do not fit their
   * schema are rejected before.
   *
   * The handler's value says what becomes of them: nothing, and all are done; what `Promise.allSettled` gives, one entry
   * a message in their order, and each ends by its own, by `retryLater` and `reject` too. A throw, and all come again.
   *
   * @example
   * ```ts
   * import { defineFunction, queue } from '@tradewind/core';
   *
   * export const index = defineFunction('index', queue({ queue: 'pages' }).batch()).handle(({ messages }) =>
   *   Promise.allSettled(messages.map(({ data }) => fetch('https://search.example', { method: 'PUT', body: String(data) }))),
   * );
   * ```
   */
  batch(): QueueTrigger<QueueBatch<Data>, readonly Input[]>;
}

/**
 * Messages of a queue, one at a time, at least once each: return and the message is done, throw and it comes again;
 * throw `retryLater(...)` and it does so not before a while; throw `reject(...)`, and it is a dead letter.
 *
 * @example
 * ```ts
 * import { defineFunction, queue } from '@tradewind/core';
 * import { z } from 'zod';
 *
 * export const charge = defineFunction(
 *   'charge',
 *   queue({ queue: 'orders', data: z.object({ orderId: z.string() }) }),
 * ).handle(async ({ data }, { log }) => {
 *   log.info('Charging.', { orderId: data.orderId });
 * });
 * ```
 */
export function queue<Data extends StandardSchema = StandardSchema>(
  options: QueueOptions<Data>,
): SingleQueueTrigger<OutputOf<Data>, InputOf<Data>> {
  const {
    queue: name,
    data: schema,
    timeout,
    concurrency = 10,
    onReject = 'fail',
    delayedRetry = false,
  } = Object(options) as QueueOptions<Data>;
  mustBe('string', name, "A queue's name");
  mustBePositive(concurrency, `concurrency of the queue '${name}'`);
  if (!Number.isInteger(concurrency) && concurrency !== Number.POSITIVE_INFINITY) {
    throw misconfigured(`The concurrency of the queue '${name}' is no whole number, but ${concurrency}.`);
  }
  mustBePositive(timeout, `timeout of the queue '${name}'`);
  mustBeSchema(schema, `The data of the queue '${name}'`);
  const checkItem = (event: CloudEvent): Awaitable<CloudEvent> => checkMessage(event, schema);
  const common = {
    kind: 'queue',
    queue: name,
    timeout,
    concurrency,
    onReject,
    delayedRetry,
    checkItem,
    finish: done,
    toDelivery,
    deliverAll,
  } as const;
  return {
    ...common,
    isBatch: false,
    parse: (event: CloudEvent, context, go) => andThen(checkItem(event), go, context),
    batch: () => ({
      ...common,
      isBatch: true,
      parse: (event: QueueBatch, context, go) => go(event, context),
    }),
  };
}
