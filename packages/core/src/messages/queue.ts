import type { Trigger } from '../function/trigger.js';
import type { InputOf, OutputOf, StandardSchema } from '../schema.js';
import type { CloudEvent } from './event.js';
import { parseMessage } from './parse.js';

/** What `queue(...)` is given. */
export interface QueueOptions<Data extends StandardSchema> {
  /** The queue's name. Where a platform hands over messages of several queues, it picks the function. */
  readonly queue: string;
  /** What a message carries. One that does not fit fails: it comes again, and ends in the platform's dead-letter queue. */
  readonly data?: Data;
  /** The deadline in ms on a platform that has none of its own. Default: none. */
  readonly timeout?: number;
}

/** A queue trigger. */
export interface QueueTrigger<Event, Input> extends Trigger<'queue', Event, Input> {
  readonly queue: string;
}

/**
 * Messages of a queue, one at a time, at least once each: return and the message is done, throw and it comes again.
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
): QueueTrigger<CloudEvent<OutputOf<Data>>, InputOf<Data>> {
  const { queue: name, data: schema, timeout } = options;
  return {
    kind: 'queue',
    queue: name,
    timeout,
    parse: (event: CloudEvent, context, go) => parseMessage(event, schema, context, go),
  };
}
