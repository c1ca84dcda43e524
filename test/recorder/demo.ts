/** The orders app with the demo's events. */
import type { AnyFunction } from '@tradewind/core';
import { fakeBatch, fakeEvent, fakeRaw, fakeSchedule, memory } from '@tradewind/core/testing';
import { memoryStore } from '@tradewind/idempotency';
import { CASES, type DemoRequest } from '../../demo/cases.ts';
import { getOrder, nightlyReport, ordering, shipped } from '../../examples/orders/functions.ts';
import type { Recorded } from './requests.ts';

function requested(
  { method, path, type, body, key }: DemoRequest,
  placeOrder: AnyFunction,
): Pick<Recorded, 'fn' | 'fake'> {
  const [pathname = path, search = ''] = path.split('?');
  const headers = { ...(type && { 'content-type': type }), ...(key && { 'idempotency-key': key }) };
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URLSearchParams(search)) query[name] = [...(query[name] ?? []), value];
  return {
    fn: method === 'GET' || method === 'HEAD' ? getOrder : placeOrder,
    fake: fakeRaw('http', { method, path: pathname, query, headers, body }),
  };
}

/** Each case that is one event on one function. */
export function demo(payUrl: string): readonly Recorded[] {
  return CASES.flatMap((one): Recorded[] => {
    // A store of its own for each case: what was done for one case must not count for the next one.
    const { placeOrder, charge } = ordering(memoryStore());
    const { name } = one;
    const env = { PAY_URL: payUrl };
    if ('request' in one) {
      const wiring = { send: { orders: memory() } };
      return [{ name, ...requested(one.request, placeOrder), env, wiring }];
    }
    if ('messages' in one)
      return [
        { name, fn: charge, fake: fakeBatch(one.messages), env, wiring: { deadLetter: memory() }, isConcurrent: true },
      ];
    if ('event' in one) return [{ name, fn: shipped, fake: fakeEvent(one.event.data) }];
    if ('due' in one) return [{ name, fn: nightlyReport, fake: fakeSchedule(one.due) }];
    return [];
  });
}
