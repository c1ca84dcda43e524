/** Values that look like something else once they are JSON. */
import { defineFunction, http, json } from '@tradewind/core';
import { fakeHttp, invoke } from '@tradewind/core/testing';
import { expect, test, vi } from 'vitest';
import { idempotency, idempotencyKeyHeader, idempotent, memoryStore } from './index.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const request = () => fakeHttp({ headers: { 'idempotency-key': '"k"' } });
const returning = (handler: () => unknown) =>
  defineFunction
    .logger(quiet)('place', http({ method: 'POST', path: '/' }))
    .use(idempotency({ store: memoryStore(), key: idempotencyKeyHeader(), scope: 'global' }))
    .handle(handler);

test('data that is shaped like a result is replayed as data', async () => {
  const data = { status: 200, headers: { 'content-type': 'text/html' }, cookies: ['a=1'], body: '<p>', id: 7 };
  for (const value of [data, json(200, data)]) {
    const fn = returning(() => value);
    const first = await invoke(fn, request());
    expect(first).toMatchObject({ headers: { 'content-type': 'application/json' }, cookies: [], body: data });
    expect(await invoke(fn, request())).toEqual({
      ...first,
      headers: { ...first.headers, 'idempotency-replayed': 'true' },
    });
  }
});

test('a body that JSON would write as {} is not replayed as {}', async () => {
  const fn = returning(() => ({ prices: new Map([['a', 1]]) }));
  expect((await invoke(fn, request())).status).toBe(500);
  expect((await invoke(fn, request())).status).toBe(409);
});

test('nor is the value of a plain function', async () => {
  const run = vi.fn(async (_input: string) => new Map([['a', 1]]));
  const prices = idempotent(run, { store: memoryStore(), name: 'prices', key: () => 'k' });
  expect(await prices('x')).toEqual(new Map([['a', 1]]));
  await expect(prices('x')).rejects.toThrow('its value was not stored');
});
