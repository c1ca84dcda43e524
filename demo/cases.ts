/** A request, in no platform's words. */
export interface DemoRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

/** One thing to try on every platform, and what must come of it. */
export type DemoCase = { readonly name: string; readonly expected: string } & (
  | { readonly request: DemoRequest }
  | { readonly messages: readonly unknown[] }
);

const order = (orderId: string, sku = 'tea'): object => ({ orderId, items: [{ sku, qty: 2 }] });
const post = (body: string): DemoRequest => ({ method: 'POST', path: '/orders', body });

export const CASES: readonly DemoCase[] = [
  { name: 'place an order', expected: '202', request: post(JSON.stringify(order('o-1'))) },
  { name: 'invalid JSON', expected: '400', request: post('{"orderId":') },
  { name: 'schema error', expected: '400', request: post(JSON.stringify({ orderId: 'o-2', items: [{ sku: 'tea' }] })) },
  { name: 'unknown path', expected: '404', request: { method: 'GET', path: '/nothing' } },
  { name: 'wrong method', expected: '405', request: { method: 'DELETE', path: '/orders' } },
  { name: 'oversized body', expected: '413', request: post(JSON.stringify(order('o-3', 'x'.repeat(20_000)))) },
  { name: 'charge three orders', expected: 'ack ack ack', messages: [order('o-4'), order('o-5'), order('o-6')] },
  {
    name: 'a poison message among good ones',
    expected: 'ack retry ack retry',
    messages: [order('o-7'), order('o-8', 'unknown'), order('o-9'), { not: 'an order' }],
  },
];
