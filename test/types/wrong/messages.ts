// Handlers of messages, and what is sent to them.
import { defineFunction, event, queue, reject, retryLater, schedule, sender } from '@tradewind/core';
import { memory } from '@tradewind/core/testing';
import { charge, nightly, Order, place, shipped } from './functions.js';

const one = defineFunction('one', queue({ queue: 'orders', data: Order }));
const batch = defineFunction('batch', queue({ queue: 'orders', data: Order }).batch());

// error: must be thrown, not returned
one.handle(() => retryLater({ after: 1_000 }));
// error: must be thrown, not returned
one.handle(async ({ data }) => (data.qty > 10 ? reject('Too many.') : data.qty));
one.handle(({ data }) => {
  // error: Property 'orderID' does not exist
  return data.orderID;
});
// error: Property 'body' does not exist
one.handle(({ body }) => body);
one.handle(() => {
  // error: 'delay' does not exist
  throw retryLater({ delay: 1_000 });
});
one.handle(() => {
  // error: 'reason' does not exist
  throw reject({ reason: 'Too many.' });
});

// error: A batch function must return nothing, or the result of Promise.allSettled
batch.handle(({ messages }) => messages.map(({ data }) => data.qty));
// error: A batch function must return nothing, or the result of Promise.allSettled
batch.handle(async ({ messages }) => Promise.all(messages.map(async ({ data }) => data.qty)));
// error: Property 'data' does not exist
batch.handle(({ data }) => void data);
// error: Property 'batch' does not exist
event({ type: 'order.shipped' }).batch();

defineFunction('nightly', schedule({ cron: '0 3 * * MON' })).handle(({ data }) => {
  // error: 'data' is
  return data.orderId;
});

one.handle(async (_event, context) => {
  const charges = sender(charge)(context);
  await charges.send({
    // error: 'number' is not assignable to type 'string'
    orderId: 7,
    qty: 1,
  });
  // error: 'qty' is missing
  await charges.send({ orderId: '7' });
  // error: 'price' does not exist
  await charges.send({ orderId: '7', qty: 1, price: 5 });
  // error: 'delaySeconds' does not exist
  await charges.send({ orderId: '7', qty: 1 }, { delaySeconds: 1 });
  // error: 'orderId' is missing
  await sender(shipped)(context).send({ qty: 1 });
  // error: Property 'send' does not exist
  await sender(charge).send({ orderId: '7', qty: 1 });
});
// error: Type '"http"' is not assignable
sender(place);
// error: Type '"schedule"' is not assignable
sender(nightly);
// error: Type '"http"'
sender(place, memory());
// error: Property 'send' is missing
sender(charge, {});
