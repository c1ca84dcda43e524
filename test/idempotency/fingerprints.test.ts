import { cloudflare } from '@tradewind/adapters/cloudflare';
import { everyPlatform } from '@tradewind/adapters/testing';
import { defineFunction, http, json, queue } from '@tradewind/core';
import { fakeHttp, fakeRaw, invoke } from '@tradewind/core/testing';
import { type IdempotencyStore, idempotency, idempotencyKeyHeader } from '@tradewind/idempotency';
import { describe, expect, test } from 'vitest';

/** What is claimed: keys and fingerprints. Each claim is granted. */
function watched() {
  const claims: string[] = [];
  const store: IdempotencyStore = {
    maxValue: 1_000,
    claim(key, { fingerprint }) {
      claims.push(`${key} ${fingerprint}`);
      return { state: 'granted', fence: 1, attempt: 1, takeover: false };
    },
    complete: () => true,
    release: () => true,
    extend: () => true,
  };
  return { claims, store };
}

/** The claims for a request, on every platform. */
async function claimsFor(request: object, path = '/orders'): Promise<readonly string[]> {
  const { claims, store } = watched();
  const fn = defineFunction('place', http({ method: 'POST', path }))
    .use(idempotency({ store, key: idempotencyKeyHeader(), scope: 'global' }))
    .handle(() => json(201, 'done'));
  const headers = { 'idempotency-key': '"k"', 'content-type': 'application/json' };
  const { platforms } = await everyPlatform(fn, fakeRaw('http', { headers, ...request }));
  const reports = Object.values(platforms).filter(({ supported }) => supported);
  expect(reports.map(({ value }) => value?.status)).toEqual(reports.map(() => 201));
  expect(claims.length).toBe(reports.length);
  return claims;
}

const POST = { method: 'POST' };
const NOTHING = { waitUntil: () => {} };
const utf8 = (text: string) => new TextEncoder().encode(text);
const MARK = '\uFEFF';
const ORDER = '{"name": "Srīperumbūdūr 😀", "big": 12345678901234567890}';

describe('the same request has the same key and fingerprint on every platform', () => {
  test.each<[string, readonly object[], string?]>([
    ['JSON as text and as bytes', [{ body: ORDER }, { body: utf8(ORDER) }]],
    ['with a byte order mark, or without', [{ body: utf8(MARK + ORDER) }, { body: ORDER }]],
    [
      'text of another type',
      ['héllo', utf8('héllo')].map((body) => ({
        body,
        headers: { 'idempotency-key': '"k"', 'content-type': 'text/plain' },
      })),
    ],
    ['no body and an empty one', [{}, { body: '' }, { body: utf8('') }]],
    ['a query in another order', [{ query: { b: '1', a: ['x y', 'é'] } }, { query: { a: ['x y', 'é'], b: '1' } }]],
    [
      'an encoded path',
      [{ path: '/orders/a%20b%2fc/caf%c3%a9' }, { path: '/orders/a%20b%2Fc/caf%C3%A9/' }],
      '/orders/:id/:item',
    ],
    ['an unreserved character that is encoded', [{ path: '/orders/%41' }, { path: '/orders/A' }], '/orders/:id'],
  ])('%s', async (_what, requests, path) => {
    const all = await Promise.all(requests.map((request) => claimsFor(request, path)));
    expect(new Set(all.flat()).size).toBe(1);
  });
});

test.each([
  ['b=1&a=x%20y&a=%C3%A9', 'a=x+y&b=1&a=%c3%a9'],
  ['a', 'a='],
])('the queries %s and %s have one fingerprint', async (...queries) => {
  const { claims, store } = watched();
  const fn = defineFunction('place', http({ method: 'POST', path: '/orders' }))
    .use(idempotency({ store, key: () => 'k', scope: 'global' }))
    .handle(() => json(201, 'done'));
  for (const query of queries)
    await cloudflare(fn).fetch(new Request(`https://a.example/orders?${query}`, POST), {}, NOTHING);
  expect([claims.length, new Set(claims).size]).toEqual([2, 1]);
});

describe('another request has another fingerprint', () => {
  test.each<[string, readonly object[], string?]>([
    ['another body', [{ body: ORDER }, { body: ORDER.replace('890', '891') }]],
    ['bytes that are not text', [[0xff, 0xfe], [0xff, 0xfd], [0xff]].map((bytes) => ({ body: new Uint8Array(bytes) }))],
    ['values of one name in another order', [{ query: { a: ['1', '2'] } }, { query: { a: ['2', '1'] } }]],
    ['a value that moves to another name', [{ query: { a: '1&b=2' } }, { query: { a: '1', b: '2' } }]],
    ['a slash in a segment', [{ path: '/orders/a%2Fb/c' }, { path: '/orders/a/b%2Fc' }], '/orders/:id/:item'],
    ['a segment encoded twice', [{ path: '/orders/%2541' }, { path: '/orders/%41' }], '/orders/:id'],
  ])('%s', async (_what, requests, path) => {
    const { store, claims } = watched();
    const fn = defineFunction('place', http({ method: 'POST', path: path ?? '/orders' }))
      .use(idempotency({ store, key: () => 'k', scope: 'global' }))
      .handle(() => json(201, 'done'));
    const headers = { 'content-type': 'application/octet-stream' };
    for (const request of requests) {
      expect((await invoke(fn, fakeHttp({ headers, ...request }) as never)).status).toBe(201);
    }
    expect(new Set(claims).size).toBe(requests.length);
  });
});

describe('a message as text and as bytes', () => {
  const claimsOf = async (data: unknown): Promise<readonly string[]> => {
    const { claims, store } = watched();
    const fn = defineFunction('charge', queue({ queue: 'orders' }))
      .use(idempotency({ store, key: () => 'k' }))
      .handle(() => {});
    const { platforms } = await everyPlatform(fn, fakeRaw('queue', data));
    expect(claims.length).toBe(Object.values(platforms).filter(({ supported }) => supported).length);
    return claims;
  };
  const claimOf = async (data: unknown): Promise<string | undefined> => {
    const { claims, store } = watched();
    const fn = defineFunction('charge', queue({ queue: 'orders' }))
      .use(idempotency({ store, key: () => 'k' }))
      .handle(() => {});
    await invoke(fn, fakeRaw('queue', data));
    return claims[0];
  };

  test.each(['{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }', 'plain', '12345678901234567890', '"quoted"', '', '{broken'])(
    '%s has one key and fingerprint on every platform',
    async (text) => {
      const claims = await claimsOf(text);
      expect(new Set(claims).size).toBe(1);
      // Bytes reach the function where a platform does not say that they are text.
      const data = /^[[{"]/.test(text) && !text.includes('broken') ? JSON.parse(text) : text;
      const all = [data, utf8(text), utf8(text).buffer, utf8(MARK + text)];
      expect(new Set([...(await Promise.all(all.map(claimOf))), ...claims]).size).toBe(1);
    },
  );

  test('with a byte order mark', async () => {
    const all = [`${MARK}{"a":1}`, { a: 1 }, utf8(`${MARK}{"a":1}`)];
    expect(new Set(await Promise.all(all.map(claimOf))).size).toBe(1);
  });

  test('others differ', async () => {
    const all = ['1', 1, { a: 1 }, '{"a":"1"}', new Uint8Array([0xff, 0xfe]), new Uint8Array([0xff, 0xfd])];
    expect(new Set(await Promise.all(all.map(claimOf))).size).toBe(all.length);
  });
});
