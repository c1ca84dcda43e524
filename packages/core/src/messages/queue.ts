import { deliverAll } from '../delivery/batch.js';
import { done } from '../done.js';
import { misconfigured, mustBePositive } from '../errors.js';
import type { TriggerBase } from '../function/trigger.js';
import type { InputOf, OutputOf, PlainSchema, StandardSchema } from '../schema.js';
import type { Awaitable } from '../thenable.js';
import { toDelivery } from './data.js';
import type { CloudEvent, QueueBatch } from './event.js';
import { checkMessage, parseMessages } from './parse.js';

/** Options of {@link queue}. */
export interface QueueOptions<Name extends string, Data extends StandardSchema> {
  /** The queue's name. If one deployment receives messages of several queues, the name selects the function. */
  readonly queue: Name;
  /** The schema of a message's data. A message that does not match is rejected, see `reject`. */
  readonly data?: Data;
  /** The deadline in ms. An earlier deadline of the platform still applies. Default: the platform's, if it has one. */
  readonly timeout?: number;
  /** How many messages of a batch are handled at a time; how many groups, if the queue is ordered. Default: 10. */
  readonly concurrency?: number;
  /**
   * What happens to a rejected message if there is no dead-letter sink: its delivery fails until the platform's redrive
   * policy takes it (`'fail'`), or the message is logged and dropped (`'drop'`). Default: `'fail'`.
   */
  readonly onReject?: 'fail' | 'drop';
  /**
   * Declares that the delays of `retryLater` matter: a platform that cannot keep them fails at start-up, unless it is
   * given another way to delay, such as `redeliver`. Default: false; a delay that cannot be kept becomes a plain retry
   * or a shorter delay, and `delivery.downgraded` is emitted.
   */
  readonly delayedRetry?: boolean;
}

/** A queue trigger. It keeps what it was given; of a schema, the types keep the input and the output. */
export interface QueueTrigger<
  Name extends string = string,
  Data extends StandardSchema = StandardSchema,
  Event = unknown,
  Input = unknown,
> extends TriggerBase<'queue', Event, Input> {
  readonly queue: Name;
  readonly data?: Data;
  readonly concurrency: number;
  readonly onReject: 'fail' | 'drop';
  readonly delayedRetry: boolean;
  /** Whether the function takes all messages of a batch in one call. */
  readonly isBatch: boolean;
  /** For core: validates a message's data; throws a `DeliverySignal` if it does not match. */
  checkItem(event: CloudEvent): Awaitable<CloudEvent>;
  // Part of the trigger, so that a bundle contains them only if it has a queue function.
  /** For adapters: decodes a message for its function. */
  readonly toDelivery: typeof toDelivery;
  /** For adapters: runs a function for the messages of one invocation. */
  readonly deliverAll: typeof deliverAll;
}

/** A queue trigger that passes messages to the handler one at a time; `.batch()` passes all of a batch at once. */
export interface SingleQueueTrigger<Name extends string, Data extends StandardSchema>
  extends QueueTrigger<Name, Data, CloudEvent<OutputOf<Data>>, InputOf<Data>> {
  /**
   * Passes all messages of a batch to the handler in one call, for example for a bulk insert. A message that does not
   * match the schema is rejected before the handler runs.
   *
   * If the handler returns nothing, all messages are done; if it throws an error, all are redelivered. If it returns
   * the result of `Promise.allSettled`, with an entry for each message in order, each message ends by its own entry,
   * including `retryLater` and `reject`.
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
  batch(): QueueTrigger<Name, Data, QueueBatch<OutputOf<Data>>, readonly InputOf<Data>[]>;
}

/**
 * A trigger for the messages of a queue, handled one at a time. Each is delivered at least once.
 *
 * A handler that returns completes its message. One that throws an error has it redelivered, with `retryLater(...)`
 * after a delay. With `reject(...)` the message becomes a dead letter.
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
export function queue<const Name extends string, Data extends StandardSchema = StandardSchema>(
  options: QueueOptions<Name, Data>,
): SingleQueueTrigger<Name, PlainSchema<Data>>;
export function queue(options: QueueOptions<string, StandardSchema>): SingleQueueTrigger<string, StandardSchema> {
  const { queue: name, data: schema, timeout, concurrency = 10, onReject = 'fail', delayedRetry = false } = options;
  mustBePositive(concurrency, `queue(...) for '${name}': \`concurrency\``);
  if (!Number.isInteger(concurrency) && concurrency !== Number.POSITIVE_INFINITY) {
    throw misconfigured(`queue(...) for '${name}': \`concurrency\` must be a whole number; got ${concurrency}.`);
  }
  mustBePositive(timeout, `queue(...) for '${name}': \`timeout\``);
  const checkItem = (event: CloudEvent): Awaitable<CloudEvent> => checkMessage(event, schema);
  const common = {
    ...options,
    kind: 'queue',
    concurrency,
    onReject,
    delayedRetry,
    checkItem,
    toDelivery,
    deliverAll,
  } as const;
  return {
    ...common,
    isBatch: false,
    stages: { parse: parseMessages(schema), settle: done },
    batch: () => ({
      ...common,
      isBatch: true,
      // Its messages have been validated one by one.
      stages: { parse: (inner) => inner, settle: done },
    }),
  };
}
