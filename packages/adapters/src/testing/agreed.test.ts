// Platforms that all refuse an event agree too: what they agreed on is what a test is about.
import { runInNewContext } from 'node:vm';
import { defineFunction, http, json, queue, reject, retryLater, schedule } from '@tradewind/core';
import { fakeBatch, fakeHttp, fakeMessage, fakeRaw, fakeSchedule } from '@tradewind/core/testing';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { everyPlatform } from './every-platform.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const Order = z.object({ id: z.string() });
const place = define('place', http({ method: 'POST', path: '/orders', body: Order })).handle(({ body }) =>
  json(202, body),
);
const charge = define('charge', queue({ queue: 'orders', data: Order })).handle(({ data }) => {
  if (data.id === 'busy') throw retryLater({ after: 1_000 });
  if (data.id === 'poison') throw reject('Nobody sells this.');
});

test('is what comes first', async () => {
  expect(Object.keys(await everyPlatform(place, fakeHttp({ body: { id: '1' } })))[0]).toBe('agreed');
});

test.each([
  ['a request', fakeHttp({ body: { id: '1' } }), { outcome: 'answered', status: 202, body: { id: '1' } }],
  ['a refused one', fakeRaw('http', { body: { id: 7 } }), { outcome: 'answered', status: 400 }],
])('%s: the status and the body', async (_what, request, agreed) => {
  const { agreed: got, differences } = await everyPlatform(place, request);
  expect(differences).toEqual([]);
  expect(got).toMatchObject(agreed);
});

test.each([
  ['1', 'ack'],
  ['busy', 'retryLater'],
  ['poison', 'retry'],
])('a message %s: the outcome', async (id, outcome) => {
  const { agreed } = await everyPlatform(charge, fakeMessage({ id }));
  expect(agreed).toEqual({ outcome, status: undefined, body: undefined });
});

test('what differs is not agreed, the rest is', async () => {
  let runs = 0;
  const odd = define('odd', http({ method: 'GET', path: '/' })).handle(() => json(runs++ === 1 ? 201 : 200, 'same'));
  const { agreed, differences } = await everyPlatform(odd, fakeHttp());
  expect(agreed).toEqual({ outcome: 'answered', status: undefined, body: 'same' });
  expect(differences.length).toBeGreaterThan(0);
});

test('a list of messages, and a schedule', async () => {
  const all = define('all', queue({ queue: 'orders', data: Order }).batch()).handle(() => {});
  expect((await everyPlatform(all, fakeBatch([{ id: '1' }, { id: '2' }]))).agreed.outcome).toBe('ack ack');
  const hourly = define('hourly', schedule({ cron: '0 * * * *' })).handle(() => {});
  expect((await everyPlatform(hourly, fakeSchedule())).agreed.outcome).toBe('ack');
});

test('what Node itself makes is of another realm in jest, and is no difference', async () => {
  const parse = runInNewContext('JSON.parse') as typeof JSON.parse;
  vi.stubGlobal('structuredClone', (value: unknown) => value && parse(JSON.stringify(value)));
  try {
    const { agreed, differences } = await everyPlatform(charge, fakeMessage({ id: '1' }));
    expect([agreed.outcome, differences]).toEqual(['ack', []]);
  } finally {
    vi.unstubAllGlobals();
  }
});
