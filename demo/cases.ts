/** A request, in no platform's words. */
export interface DemoRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

/**
 * One thing to try on every platform, and what must come of it: a request; a batch of messages, handed over at once; or
 * orders, placed over HTTP and followed through the queue until each is charged or a dead letter.
 */
export type DemoCase = { readonly name: string; readonly expected: string } & (
  | { readonly request: DemoRequest }
  | { readonly messages: readonly unknown[] }
  | { readonly orders: readonly { readonly orderId: string }[] }
);

const order = (orderId: string, sku = 'tea') => ({ orderId, items: [{ sku, qty: 2 }] });

/** The request that places an order. */
export function place(body: string): DemoRequest {
  return { method: 'POST', path: '/orders', body };
}

export const CASES: readonly DemoCase[] = [
  { name: 'place an order', expected: '202', request: place(JSON.stringify(order('o-1'))) },
  { name: 'invalid JSON', expected: '400', request: place('{"orderId":') },
  {
    name: 'schema error',
    expected: '400',
    request: place(JSON.stringify({ orderId: 'o-2', items: [{ sku: 'tea' }] })),
  },
  { name: 'unknown path', expected: '404', request: { method: 'GET', path: '/nothing' } },
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
  {
    name: 'the deadline, with one that is stuck',
    expected: 'ack retry ack',
    messages: [order('o-13'), order('o-14', 'stuck'), order('o-15')],
  },
  {
    name: 'placed orders, through the queue',
    expected: 'charged charged dead',
    orders: [order('o-16'), order('o-17', 'busy'), order('o-18', 'unknown')],
  },
];
