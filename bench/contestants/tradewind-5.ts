import { lambda } from '@tradewind/adapters/lambda/http';
import { defineFunction, defineMiddleware, http, json } from '@tradewind/core';
import { accepted, Order } from '../order.ts';

const pass = defineMiddleware(async (_event, _context, next) => next());

export const handler = lambda(
  defineFunction('place-order', http({ method: 'POST', path: '/orders', body: Order }))
    .use(pass)
    .use(pass)
    .use(pass)
    .use(pass)
    .use(pass)
    .handle(async ({ body }) => json(202, accepted(body))),
);
