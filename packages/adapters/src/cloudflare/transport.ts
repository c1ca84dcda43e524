import { FunctionError, type Transport } from '@tradewind/core';
import { toStructured } from '@tradewind/core/adapter';
import { toSeconds } from '../shared/seconds.js';
import { LONGEST_DELAY } from './longest-delay.js';

/** The method of a Worker's `Queue` binding that sends. */
interface QueueBinding {
  send(body: unknown, options?: { contentType?: 'json'; delaySeconds?: number }): PromiseLike<unknown>;
}

/**
 * Sends structured CloudEvents to a Cloudflare queue through a binding of the Worker. The longest delay is 24 hours.
 *
 * @param name - the name of the producer binding, from `queues.producers` in wrangler's configuration.
 * @see https://developers.cloudflare.com/queues/configuration/javascript-apis/
 * @example
 * ```ts
 * import { cloudflare, on, queueBinding } from '@tradewind/adapters/cloudflare';
 * import { defineFunction, http, queue, sender } from '@tradewind/core';
 *
 * const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(() => {});
 * const orders = sender(charge);
 * const place = defineFunction('place', http({ method: 'POST', path: '/orders' })).handle(({ body }, context) =>
 *   orders(context).send(body),
 * );
 * export default cloudflare(on(place, { send: { orders: queueBinding('ORDERS') } }), charge);
 * ```
 */
export function queueBinding(name: string): Transport {
  return {
    longestDelay: LONGEST_DELAY * 1_000,
    async send(event, { delay = 0 }, context) {
      const binding = (context.rawEnv as Readonly<Record<string, Partial<QueueBinding> | undefined>>)[name];
      if (typeof binding?.send !== 'function') {
        throw new FunctionError(
          'misconfigured',
          `queueBinding(...): the Worker has no queue binding '${name}': declare it under queues.producers in wrangler's configuration.`,
        );
      }
      await binding.send(toStructured(event), {
        contentType: 'json',
        delaySeconds: toSeconds(delay, LONGEST_DELAY),
      });
    },
  };
}
