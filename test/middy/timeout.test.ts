import httpCors from '@middy/http-cors';
import { fromMiddy } from '@tradewind/adapters/middy';
import { defineFunction, http } from '@tradewind/core';
import { fakeHttp, invoke } from '@tradewind/core/testing';
import { resilience, timeout } from '@tradewind/resilience';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

test('the response to a timeout inside the middlewares passes through them, but the trigger’s own does not', async () => {
  const guests = fromMiddy(httpCors({ origin: 'https://shop.example' }));
  const fn = defineFunction('slow', http({ method: 'GET', path: '/', timeout: 500 })).use(guests);
  const hang = () => new Promise<never>(() => {});
  const request = fakeHttp({ headers: { origin: 'https://shop.example' } }) as never;
  const answered = await invoke(fn.use(resilience(timeout(50))).handle(hang), request);
  expect([answered.status, answered.headers['access-control-allow-origin']]).toEqual([504, 'https://shop.example']);
  const cut = await invoke(fn.handle(hang), request);
  expect([cut.status, cut.headers['access-control-allow-origin']]).toEqual([504, undefined]);
});
