/** A request in a form that is independent of the platform. */
export interface DemoRequest {
  readonly method: string;
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
  /** The client's idempotency key: a request with the same key is a repetition. */
  readonly key?: string;
}

/** An event from another cloud. */
export interface Outside {
  readonly type: string;
  readonly data: unknown;
}

/**
 * One case to run on every platform, with the expected outcome: a request; requests with the same key; an order that is
 * delivered twice; messages, in one batch if the platform has batches; orders while the payment service is down and
 * when it is back; orders that are placed over HTTP and followed through the queue until they are charged or dead
 * letters; an event of a bus; a time of the nightly report.
 */
export type DemoCase = {
  readonly name: string;
  readonly expected: string;
  /** Platforms whose host answers this case before any function runs: only the status is compared. */
  readonly byHost?: readonly string[];
} & (
  | { readonly request: DemoRequest }
  | { readonly again: readonly DemoRequest[] }
  | { readonly messages: readonly (object | string)[] }
  | { readonly outage: readonly [object, object, ...object[]] }
  | { readonly redelivered: { readonly orderId: string } }
  | { readonly orders: readonly { readonly orderId: string }[] }
  | { readonly event: Outside }
  | { readonly due: string }
);

const order = (orderId: string, sku = 'tea') => ({ orderId, items: [{ sku, qty: 2 }] });
const JSON_TYPE = 'application/json';

/** A request that places an order. */
export function place(body: string, type = JSON_TYPE): DemoRequest {
  return { method: 'POST', path: '/orders', type, body };
}
const keyed = (orderId: string): DemoRequest => ({ ...place(JSON.stringify(order(orderId))), key: '"again"' });
const get = (path: string): DemoRequest => ({ method: 'GET', path });
const ship = (data: unknown, type = 'order.shipped'): Outside => ({ type, data });

export const CASES: readonly DemoCase[] = [
  { name: 'place an order', expected: '202', request: place(JSON.stringify(order('o-1'))) },
  { name: 'an order in no ASCII', expected: '202', request: place(JSON.stringify(order('ø-✓'))) },
  {
    name: 'an order placed again with its key',
    expected: '202 202-replayed 422',
    again: [keyed('o-21'), keyed('o-21'), keyed('o-22')],
  },
  { name: 'get an order', expected: '200', request: get('/orders/o-1') },
  {
    name: 'an encoded id, a query twice',
    expected: '200',
    request: get('/orders/a%2Fb%20c?expand=items&expand=x%26y'),
  },
  { name: 'HEAD', expected: '200', request: { method: 'HEAD', path: '/orders/o-1' } },
  { name: 'a trailing slash', expected: '200', request: get('/orders/o-1/') },
  { name: 'invalid JSON', expected: '400', request: place('{"orderId":'), byHost: ['Google Cloud'] },
  {
    name: 'schema error',
    expected: '400',
    request: place(JSON.stringify({ orderId: 'o-2', items: [{ sku: 'tea' }] })),
  },
  { name: 'a polluted body', expected: '400', request: place('{"__proto__":{"admin":true}}') },
  { name: 'no body', expected: '400', request: { method: 'POST', path: '/orders' } },
  { name: 'text in place of JSON', expected: '415', request: place('tea, please', 'text/plain') },
  { name: 'bytes in place of JSON', expected: '415', request: place('\u0000', 'application/octet-stream') },
  { name: 'unknown path', expected: '404', request: get('/nothing'), byHost: ['Azure Functions'] },
  { name: 'wrong method', expected: '405', request: { method: 'DELETE', path: '/orders' } },
  { name: 'oversized body', expected: '413', request: place(JSON.stringify(order('o-3', 'x'.repeat(20_000)))) },
  { name: 'charge three orders', expected: 'ack ack ack', messages: [order('o-4'), order('o-5'), order('o-6')] },
  {
    name: 'a failing and a busy one among good ones',
    expected: 'ack retry ack retryLater',
    messages: [order('o-7'), order('o-8', 'broken'), order('o-9'), order('o-10', 'busy')],
  },
  {
    name: 'poison: acked once it is a dead letter',
    expected: 'ack ack ack',
    messages: [order('o-11', 'unknown'), order('o-12'), { not: 'an order' }],
  },
  { name: 'an order that is delivered twice', expected: 'ack ack, charged once', redelivered: order('o-20') },
  {
    name: 'what is no order at all',
    expected: 'ack ack ack ack',
    messages: ['89e7073266', '12345678901234567890', 'no JSON', '{"__proto__":{}}'],
  },
  {
    name: 'a CloudEvent around an order',
    expected: 'ack',
    messages: [{ specversion: '1.0', id: 'ce-1', source: '/shop', type: 'order', data: order('o-19') }],
  },
  {
    name: 'the deadline, with one that is stuck',
    expected: 'ack retry ack',
    messages: [order('o-13'), order('o-14', 'stuck'), order('o-15')],
  },
  {
    name: 'the payment service is out, and comes back',
    expected: 'retry retryLater retryLater, asked 3 times, invoice; ack, card invoice',
    outage: [order('o-26'), order('o-23'), order('o-24'), order('o-25')],
  },
  {
    name: 'placed orders, through the queue',
    expected: 'charged charged dead',
    orders: [order('o-16'), order('o-17', 'busy'), order('o-18', 'unknown')],
  },
  { name: 'an event of another cloud', expected: 'ack', event: ship({ orderId: 'o-1', carrier: 'Zephyr' }) },
  {
    name: 'an event with more in it',
    expected: 'ack',
    event: ship({ orderId: 'o-1', carrier: 'Z', more: [1, { a: 'ü' }] }),
  },
  { name: 'an event that does not fit', expected: 'retry', event: ship({ orderId: 7 }) },
  { name: 'an event of another type', expected: 'retry', event: ship({ orderId: 'o-1', carrier: 'Z' }, 'order.lost') },
  { name: 'the nightly report', expected: '2026-03-02', due: '2026-03-03T03:30:00.000Z' },
  { name: 'the report of the day after a weekend', expected: '2026-03-08', due: '2026-03-09T03:30:00.000Z' },
];
