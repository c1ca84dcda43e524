import { defineFunction, http, json, queue, sender } from '@tradewind/core';
import { Order } from './order.ts';
import { pay } from './pay.ts';

/**
 * Charges one order from the queue: return and the message is done, throw and it comes again, reject it and it is a dead
 * letter.
 */
export const charge = defineFunction('charge', queue({ queue: 'orders', data: Order, timeout: 2_000 })).handle(
  async ({ data }, { log, deliveryAttempt = 1 }) => {
    const payment = await pay(data, deliveryAttempt);
    log.info('Order charged.', { orderId: data.orderId, deliveryAttempt });
    return payment;
  },
);

/** To whatever queue the function is given where it is deployed; typed by what `charge` takes. */
const orders = sender(charge);

/** Takes an order over HTTP and hands it to `charge`. */
export const placeOrder = defineFunction(
  'place-order',
  http({ method: 'POST', path: '/orders', body: Order, maxBodySize: 16_384 }),
).handle(async ({ body }, context) => {
  await orders(context).send(body, { id: body.orderId });
  context.log.info('Order placed.', { orderId: body.orderId });
  return json(202, { orderId: body.orderId, items: body.items.length });
});

/** Says what is known of an order. */
export const getOrder = defineFunction('get-order', http({ method: 'GET', path: '/orders/:id' })).handle(
  ({ params, query }) => ({ orderId: params.id, expand: query.expand ?? null }),
);
