import { everyPlatform } from '@tradewind/adapters/testing';
import {
  deliver,
  fakeEvent,
  fakeHttp,
  fakeMessage,
  fakeRaw,
  fakeSchedule,
  invoke,
  memory,
} from '@tradewind/core/testing';
import { memoryStore } from '@tradewind/idempotency';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FakePayments, fakePayments } from './fake-payments.ts';
import { getOrder, nightlyReport, ordering, shipped } from './functions.ts';

// Each test has its own records, payment service and circuit.
let { charge, paymentMethods, placeOrder } = ordering(memoryStore());
let payments: FakePayments;
let env: { readonly PAY_URL: string };
beforeEach(async () => {
  ({ charge, paymentMethods, placeOrder } = ordering(memoryStore()));
  payments = await fakePayments();
  env = { PAY_URL: payments.url };
});
afterEach(() => payments[Symbol.asyncDispose]());

const order = (sku = 'tea') => ({ orderId: 'o-1', items: [{ sku, qty: 2 }] });

test('an order is accepted, and sent to be charged', async () => {
  const orders = memory();
  expect(await invoke(placeOrder, fakeHttp({ body: order() }), { wiring: { send: { orders } } })).toMatchObject({
    status: 202,
    body: { orderId: 'o-1', items: 1 },
  });
  expect(orders.sent.map(({ event }) => event.data)).toEqual([order()]);
});

test('an order without items is refused, and the response says where the mistake is', async () => {
  const { status, body } = await invoke(placeOrder, fakeRaw('http', { body: { orderId: 'o-1', items: [] } }));
  expect(status).toBe(400);
  expect(body).toMatchObject({ errors: [{ in: 'body', pointer: '#/items' }] });
});

test('every platform answers the same', async () => {
  const wiring = { send: { orders: memory() } };
  const placed = await everyPlatform(placeOrder, fakeHttp({ body: order() }), { wiring });
  expect(placed.agreed).toMatchObject({ status: 202, body: { orderId: 'o-1', items: 1 } });
  expect(placed.differences).toEqual([]);
  const query = fakeHttp({ params: { id: 'a/b' }, query: { expand: ['items', 'customer'] } });
  const got = await everyPlatform(getOrder, query);
  expect(got.agreed).toMatchObject({ status: 200, body: { orderId: 'a/b' } });
  expect(got.differences).toEqual([]);
});

test('a repeated request with the same key gets the first response, and the order is placed once', async () => {
  const orders = memory();
  const again = () => fakeHttp({ body: order(), headers: { 'idempotency-key': '"k-1"' } });
  const options = { wiring: { send: { orders } } };
  const first = await invoke(placeOrder, again(), options);
  const second = await invoke(placeOrder, again(), options);
  expect(second.body).toEqual(first.body);
  expect(second.headers['idempotency-replayed']).toBe('true');
  expect(orders.sent).toHaveLength(1);
});

test('an order that is delivered twice is charged once', async () => {
  const once = await invoke(charge, fakeMessage(order(), { id: 'm-1' }), { env });
  expect(await invoke(charge, fakeMessage(order(), { id: 'm-2' }), { env })).toEqual(once);
  expect(payments.asked).toEqual(['o-1']);
});

test('an order from the queue is charged', async () => {
  expect(await invoke(charge, fakeMessage(order()), { env })).toEqual({ paid: 'o-1' });
});

test('an order that nobody can charge is a dead letter, on every platform', async () => {
  const deadLetter = memory();
  const poison = fakeMessage(order('unknown'));
  const { agreed, platforms, differences } = await everyPlatform(charge, poison, { env, wiring: { deadLetter } });
  expect(agreed.outcome).toBe('ack');
  const asked = Object.values(platforms).filter(({ supported }) => supported);
  expect(deadLetter.sent).toHaveLength(asked.length);
  expect(differences).toEqual([]);
});

test('a busy payment service is called again a second later', async () => {
  const busy = fakeMessage(order('busy'));
  expect(await deliver(charge, busy, { env })).toMatchObject({ outcome: 'retryLater', after: 1_000 });
  expect(await deliver(charge, busy, { env, deliveryAttempt: 2 })).toMatchObject({ outcome: 'ack' });
});

test('a payment service that is down is not called for a while, and no order is lost', async () => {
  const outcomeOf = async () => (await deliver(charge, fakeMessage(order()), { env })).outcome;
  payments.isOut = true;
  expect([await outcomeOf(), await outcomeOf(), await outcomeOf()]).toEqual(['retry', 'retryLater', 'retryLater']);
  expect(payments.asked).toHaveLength(3);
  payments.isOut = false;
  await vi.waitFor(async () => expect(await outcomeOf()).toBe('ack'), { timeout: 5_000, interval: 200 });
});

test('customers can pay by invoice while the payment service is down', async () => {
  const methods = async () => (await invoke(paymentMethods, fakeHttp(), { env })).body;
  expect(await methods()).toEqual({ methods: ['card', 'invoice'] });
  payments.isOut = true;
  expect(await methods()).toEqual({ methods: ['invoice'] });
});

test('the nightly report is about the previous day, on every platform that has schedules', async () => {
  expect(await invoke(nightlyReport, fakeSchedule('2026-03-03T03:30:00Z'))).toEqual({ day: '2026-03-02' });
  const { agreed, differences } = await everyPlatform(nightlyReport, fakeSchedule('2026-03-03T03:30:00Z'));
  expect(agreed.outcome).toBe('ack');
  expect(differences).toEqual([]);
});

test('an event that an order was shipped is handled, and an invalid one is rejected', async () => {
  const event = fakeEvent({ orderId: 'o-1', carrier: 'Zephyr' });
  expect(await deliver(shipped, event)).toMatchObject({ outcome: 'ack' });
  const { agreed, differences } = await everyPlatform(shipped, event);
  expect(agreed.outcome).toBe('ack');
  expect(differences).toEqual([]);
  expect(await deliver(shipped, fakeEvent({ orderId: 7 } as never))).toMatchObject({ outcome: 'reject', done: false });
});
