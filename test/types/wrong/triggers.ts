// Triggers and the environment.
import { defineFunction, event, http, queue, schedule } from '@tradewind/core';
import { z } from 'zod';
import { Order } from './functions.js';

// error: "FETCH"
http({ method: 'FETCH', path: '/' });
// error: Did you mean '"GET"'?
http({ method: 'get', path: '/' });
// error: 'path' is missing
http({ method: 'GET' });
// error: 'route' does not exist
http({ method: 'GET', path: '/', route: '/' });
http({
  method: 'POST',
  path: '/',
  // error: 'schema' does not exist
  schema: Order,
});
http({
  method: 'POST',
  path: '/',
  // error: 'orderId' does not exist in type 'StandardSchema
  body: { orderId: 'string' },
});
queue({
  queue: 'orders',
  // error: 'retries' does not exist
  retries: 3,
});
// error: 'name' does not exist
queue({ name: 'orders' });
queue({
  queue: 'orders',
  // error: 'body' does not exist
  body: Order,
});
queue({
  queue: 'orders',
  // error: "ignore"
  onReject: 'ignore',
});
queue({
  queue: 'orders',
  // error: 'string' is not assignable to type 'number'
  concurrency: '10',
});
event({
  // error: 'detailType' does not exist
  detailType: 'order.shipped',
});
// error: 'rate' does not exist
schedule({ rate: '1 hour' });
// error: 'data' does not exist
schedule({ cron: '0 3 * * MON', data: Order });

// error: Expected 2 arguments
defineFunction('no-trigger');
// error: type 'Trigger
defineFunction('no-trigger', { method: 'GET', path: '/' });
// error: not assignable
defineFunction(http({ method: 'GET', path: '/' }), 'turned');

const fn = defineFunction.env(z.object({ TABLE: z.string(), LIMIT: z.coerce.number() }));
fn('env', queue({ queue: 'q' })).handle((_event, { env }) => {
  // error: Property 'TABEL' does not exist
  const table = env.TABEL;
  // error: 'number' is not assignable to type 'string'
  const limit: string = env.LIMIT;
  return [table, limit];
});
defineFunction('no-env', queue({ queue: 'q' })).handle((_event, { env }) => {
  // error: Property 'TABLE' does not exist
  return env.TABLE;
});
// error: 'TABLE' does not exist in type 'StandardSchema
defineFunction.env({ TABLE: 'string' });
// error: not assignable
defineFunction.logger({ info() {} });
