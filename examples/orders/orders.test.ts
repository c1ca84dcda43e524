import { everyPlatform } from '@tradewind/adapters/testing';
import { fakeHttp, fakeMessage, fakeRaw, invoke } from '@tradewind/core/testing';
import { expect, test } from 'vitest';
import { charge, getOrder, placeOrder } from './functions.ts';

const order = { orderId: 'o-1', items: [{ sku: 'tea', qty: 2 }] };

test('an order is accepted', async () => {
  expect(await invoke(placeOrder, fakeHttp({ body: order }))).toMatchObject({
    status: 202,
    body: { orderId: 'o-1', items: 1 },
  });
});

test('an order without items is refused, and the answer says where', async () => {
  const { status, body } = await invoke(placeOrder, fakeRaw('http', { body: { ...order, items: [] } }));
  expect(status).toBe(400);
  expect(body).toMatchObject({ errors: [{ in: 'body', pointer: '#/items' }] });
});

test('every platform answers the same', async () => {
  expect((await everyPlatform(placeOrder, fakeHttp({ body: order }))).differences).toEqual([]);
  const query = fakeHttp({ params: { id: 'a/b' }, query: { expand: ['items', 'customer'] } });
  expect((await everyPlatform(getOrder, query)).differences).toEqual([]);
});

test('an order from the queue is charged', async () => {
  expect(await invoke(charge, fakeMessage(order))).toEqual({ paid: 'o-1' });
});

test('an article that nobody sells comes again, on every platform', async () => {
  const poison = fakeMessage({ orderId: 'o-2', items: [{ sku: 'unknown', qty: 1 }] });
  const { platforms, differences } = await everyPlatform(charge, poison);
  expect(platforms.lambda.outcome).toBe('retry');
  expect(differences).toEqual([]);
});
