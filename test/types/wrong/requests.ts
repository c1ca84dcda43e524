// What handlers of requests get and give.
import { cookie, defineFunction, type HttpResult, http, json, problem, redirect, text } from '@tradewind/core';
import { z } from 'zod';
import { Order } from './functions.js';

const post = defineFunction('post', http({ method: 'POST', path: '/shops/:shop/orders/:id', body: Order }));
const get = defineFunction(
  'get',
  http({ method: 'GET', path: '/orders', query: z.object({ page: z.coerce.number() }), response: Order }),
);
const bare = defineFunction('bare', http({ method: 'POST', path: '/' }));

post.handle(({ body, params, headers }) => {
  // error: Property 'price' does not exist
  const price = body.price;
  // error: 'string' is not assignable to type 'number'
  const qty: number = body.orderId;
  // error: Property 'order' does not exist
  const order = params.order;
  // error: Property 'authorization' does not exist
  const authorization = headers.authorization;
  return { price, qty, order, authorization };
});
get.handle(({ query }) => {
  // error: Property 'pages' does not exist
  const pages = query.pages;
  // error: 'number' is not assignable to type 'string'
  const page: string = query.page;
  return { pages, page };
});
bare.handle(({ body }) => {
  // error: 'body' is of type 'unknown'
  return body.orderId;
});

// error: Return json(status, body) or another helper
bare.handle(() => ({ statusCode: 404, body: 'no' }));
// error: Return json(status, body) or another helper
bare.handle(async () => ({ statusCode: 200, headers: { 'x-a': '1' }, body: 'yes', isBase64Encoded: false }));
// error: Return json(status, body) or another helper
bare.handle(() => ({ status: 200, body: 'hi' }));
// error: Return json(status, body) or another helper
bare.handle(({ path }) => (path === '/' ? json(200, {}) : { statusCode: 404, body: 'no' }));
// error: required in type 'HttpResult<unknown>'
export const written: HttpResult = { status: 200, headers: {}, cookies: [], body: 'hi' };

bare.handle(() =>
  // error: Did you mean '"Lax"'?
  text(200, 'hi', { cookies: [cookie('session', '1', { sameSite: 'lax' })] }),
);
bare.handle(() =>
  // error: maxage
  text(200, 'hi', { cookies: [cookie('session', '1', { maxage: 1 })] }),
);
bare.handle(() =>
  // error: 'header' does not exist
  json(200, {}, { header: { 'x-a': '1' } }),
);
// error: Argument of type 'string'
bare.handle(() => json('200', {}));
// error: Expected
bare.handle(() => json({ ok: true }));
// error: 'number' is not assignable to parameter of type 'string'
bare.handle(() => redirect(200, '/orders'));
// error: not assignable
bare.handle(() => problem('not found'));
// error: Property 'user' does not exist
bare.handle((_event, { user }) => user);
// error: Property 'user' does not exist
bare.handle((_event, context) => json(200, context.user));
