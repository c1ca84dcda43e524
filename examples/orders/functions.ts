import { defineFunction, http, json, queue } from '@tradewind/core';
import { Order } from './order.ts';
import { pay } from './pay.ts';

/** Takes an order over HTTP. */
export const placeOrder = defineFunction(
  'place-order',
  http({ method: 'POST', path: '/orders', body: Order, maxBodySize: 16_384 }),
).handle(({ body }, { log }) => {
  log.info('Order placed.', { orderId: body.orderId });
  return json(202, { orderId: body.orderId, items: body.items.length });
});

/** Says what is known of an order. */
export const getOrder = defineFunction('get-order', http({ method: 'GET', path: '/orders/:id' })).handle(
  ({ params, query }) => ({ orderId: params.id, expand: query.expand ?? null }),
);

/** Charges one order from the queue: return and the message is done, throw and it comes again. */
export const charge = defineFunction('charge', queue({ queue: 'orders', data: Order })).handle(
  async ({ data }, { log, deliveryAttempt }) => {
    const payment = await pay(data);
    log.info('Order charged.', { orderId: data.orderId, deliveryAttempt });
    return payment;
  },
);
