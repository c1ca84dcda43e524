import { expect, test } from 'vitest';
import { defineFunction } from '../function/define.js';
import { fakeRaw, invoke } from '../testing/index.js';
import { parseForm } from './records.js';
import { http } from './trigger.js';

const fn = defineFunction('f', http({ method: 'POST', path: '/' })).handle(({ query, body }) => [
  Object.keys(query).length,
  Object.keys(Object(body)).length,
]);
const form = (pairs: number) => Array.from({ length: pairs }, (_, index) => `k${index}`).join('&');
const headers = { 'content-type': 'application/x-www-form-urlencoded' };

test('ten thousand pairs are a form', async () => {
  const answer = await invoke(fn, fakeRaw('http', { headers, body: form(10_000) }));
  expect(answer).toMatchObject({ status: 200, body: [0, 10_000] });
});

test.each([
  ['a form', { headers, body: form(10_001) }],
  ['a form of nothing but separators', { headers, body: '&'.repeat(10_000) }],
  ['a query', { query: Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`k${index}`, ''])) }],
])('%s of more is a 400 that says so', async (_name, request) => {
  const answer = await invoke(fn, fakeRaw('http', request));
  expect(answer).toMatchObject({
    status: 400,
    body: { detail: 'A query or form of more than 10000 pairs is not accepted.' },
  });
});

test('a text of many pairs is refused before it is parsed', () => {
  const start = performance.now();
  expect(() => parseForm('a&'.repeat(2 ** 23))).toThrow('more than 10000 pairs');
  expect(performance.now() - start).toBeLessThan(2_000);
});
