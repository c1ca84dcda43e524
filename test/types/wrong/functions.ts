// The functions that are used wrongly here; nothing is wrong with them.
import { defineFunction, event, http, json, queue, schedule } from '@tradewind/core';
import { z } from 'zod';

export const Order = z.object({ orderId: z.string(), qty: z.number() });

export const place = defineFunction('place', http({ method: 'POST', path: '/orders/:id', body: Order })).handle(
  ({ body }) => json(202, { orderId: body.orderId }),
);
export const health = defineFunction('health', http({ method: 'GET', path: '/health' })).handle(() => 'ok');
export const charge = defineFunction('charge', queue({ queue: 'orders', data: Order })).handle(({ data }) => data.qty);
export const index = defineFunction('index', queue({ queue: 'pages', data: Order }).batch()).handle(() => {});
export const shipped = defineFunction('shipped', event({ type: 'order.shipped', data: Order })).handle(() => {});
export const nightly = defineFunction('nightly', schedule({ cron: '0 3 * * MON' })).handle(() => {});
