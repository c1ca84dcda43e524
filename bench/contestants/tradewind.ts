import { lambda } from '@tradewind/adapters/lambda/http';
import { defineFunction, http, json } from '@tradewind/core';
import { accepted, Order } from '../order.ts';

export const handler = lambda(
  defineFunction('place-order', http({ method: 'POST', path: '/orders', body: Order })).handle(async ({ body }) =>
    json(202, accepted(body)),
  ),
);
