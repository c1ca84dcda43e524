import { everyPlatform } from '@tradewind/adapters/testing';
import { deliver, fakeHttp, fakeMessage, fakeRaw, invoke, memory } from '@tradewind/core/testing';
import { expect, test } from 'vitest';
import { charge, getOrder, placeOrder } from './functions.ts';

const order = (sku = 'tea') => ({ orderId: 'o-1', items: [{ sku, qty: 2 }] });

test('an order is accepted, and on its way to be charged', async () => {
  const orders = memory();
  expect(await invoke(placeOrder, fakeHttp({ body: order() }), { wiring: { send: { orders } } })).toMatchObject({
    status: 202,
    body: { orderId: 'o-1', items: 1 },
  });
  expect(orders.sent.map(({ event }) => event.data)).toEqual([order()]);
});

test('an order without items is refused, and the answer says where', async () => {
  const { status, body } = await invoke(placeOrder, fakeRaw('http', { body: { orderId: 'o-1', items: [] } }));
  expect(status).toBe(400);
  expect(body).toMatchObject({ errors: [{ in: 'body', pointer: '#/items' }] });
});

test('every platform answers the same', async () => {
  const wiring = { send: { orders: memory() } };
  expect((await everyPlatform(placeOrder, fakeHttp({ body: order() }), { wiring })).differences).toEqual([]);
  const query = fakeHttp({ params: { id: 'a/b' }, query: { expand: ['items', 'customer'] } });
  expect((await everyPlatform(getOrder, query)).differences).toEqual([]);
});

test('an order from the queue is charged', async () => {
  expect(await invoke(charge, fakeMessage(order()))).toEqual({ paid: 'o-1' });
});

test('an order that nobody can charge is a dead letter, on every platform', async () => {
  const deadLetter = memory();
  const poison = fakeMessage(order('unknown'));
  const { platforms, differences } = await everyPlatform(charge, poison, { wiring: { deadLetter } });
  expect(platforms.lambda.outcome).toBe('ack');
  const asked = Object.values(platforms).filter(({ supported }) => supported);
  expect(deadLetter.sent).toHaveLength(asked.length);
  expect(differences).toEqual([]);
});

test('a busy payment service is asked again, a second later', async () => {
  expect(await deliver(charge, fakeMessage(order('busy')))).toMatchObject({ outcome: 'retryLater', after: 1_000 });
  expect(await deliver(charge, fakeMessage(order('busy')), { deliveryAttempt: 2 })).toMatchObject({ outcome: 'ack' });
});
