import type { Transport } from '@tradewind/core';
import { toStructured } from '@tradewind/core/adapter';
import { type ClientOption, clientOf } from '../shared/client.js';

/** The method of a `Topic` of `@google-cloud/pubsub` that publishes. */
export interface PubSubTopic {
  publishMessage(message: {
    data: Uint8Array;
    attributes: { [name: string]: string };
    orderingKey?: string;
  }): PromiseLike<unknown>;
}

/**
 * Publishes structured CloudEvents to a Google Cloud Pub/Sub topic. Pub/Sub supports no delay. `group` is the ordering
 * key: order is kept only if the topic is created with `{ messageOrdering: true }` and its subscription has message
 * ordering.
 *
 * @param topic - `new PubSub().topic('orders')` of `@google-cloud/pubsub`, or a function that returns one for a
 * context.
 * @see https://cloud.google.com/pubsub/docs/publisher
 * @see https://github.com/googleapis/google-cloudevents/blob/main/docs/spec/pubsub.md
 * @example
 * ```ts
 * import { PubSub } from '@google-cloud/pubsub';
 * import { pubSub } from '@tradewind/adapters/google';
 * import { node, on } from '@tradewind/adapters/node';
 * import { defineFunction, http, queue, sender } from '@tradewind/core';
 *
 * const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(() => {});
 * const orders = sender(charge);
 * const place = defineFunction('place', http({ method: 'POST', path: '/orders' })).handle(({ body }, context) =>
 *   orders(context).send(body),
 * );
 * export const app = node(on(place, { send: { orders: pubSub(new PubSub().topic('orders')) } }));
 * ```
 */
export function pubSub(topic: ClientOption<PubSubTopic>): Transport {
  return {
    longestDelay: 0,
    async send(event, { group }, context) {
      await clientOf(topic, context).publishMessage({
        data: new TextEncoder().encode(JSON.stringify(toStructured(event))),
        attributes: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
        ...(group !== undefined && { orderingKey: group }),
      });
    },
  };
}
