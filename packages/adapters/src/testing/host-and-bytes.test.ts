import { bytes, defineFunction, http, json } from '@tradewind/core';
import { fakeHttp } from '@tradewind/core/testing';
import { expect, test } from 'vitest';
import { everyPlatform } from './every-platform.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const get = http({ method: 'GET', path: '/' });
const OCTETS = { headers: { 'content-type': 'application/octet-stream' } };

test('bytes that are no text are bytes', async () => {
  const fn = define('f', get).handle(() => bytes(200, new Uint8Array([0xff, 0, 0x80]), OCTETS));
  const { agreed, differences } = await everyPlatform(fn, fakeHttp());
  expect(differences).toEqual([]);
  expect(agreed.body).toEqual(new Uint8Array([0xff, 0, 0x80]));
});

test('bytes that are no text are bytes, whatever their type says', async () => {
  const headers = { 'content-type': 'application/json' };
  const fn = define('f', get).handle(() => bytes(200, new Uint8Array([0x22, 0xff, 0x22]), { headers }));
  expect((await everyPlatform(fn, fakeHttp())).agreed.body).toEqual(new Uint8Array([0x22, 0xff, 0x22]));
});

test('bytes that differ are a difference, and shown', async () => {
  let runs = 0;
  const fn = define('f', get).handle(() => bytes(200, new Uint8Array([runs++ === 1 ? 0xfe : 0xff]), OCTETS));
  const { agreed, differences } = await everyPlatform(fn, fakeHttp());
  expect(agreed.body).toBeUndefined();
  expect(differences).toEqual(['body: lambda the bytes ff, lambda:http-api the bytes fe']);
});

test("a fake's own host is the host of the request on every platform", async () => {
  const fn = define('f', get).handle(({ request, headers }) =>
    json(200, { host: headers.get('host'), of: new URL(request.url).host }),
  );
  const { agreed, differences, platforms } = await everyPlatform(fn, fakeHttp({ headers: { Host: 'h.example:8443' } }));
  expect(differences).toEqual([]);
  expect(agreed).toMatchObject({ status: 200, body: { host: 'h.example:8443', of: 'h.example:8443' } });
  expect(Object.values(platforms).filter(({ supported }) => supported)).toHaveLength(9);
});

test('without one, every platform makes one up', async () => {
  const fn = define('f', get).handle(({ request }) => json(200, new URL(request.url).host !== ''));
  expect((await everyPlatform(fn, fakeHttp())).agreed).toMatchObject({ status: 200, body: true });
});

test('an empty host moves no path', async () => {
  const fn = define('f', http({ method: 'GET', path: '/a/b' })).handle(({ request }) =>
    // Azure has its prefix.
    /^(?:\/api)?\/a\/b$/.test(new URL(request.url).pathname),
  );
  const { agreed, differences } = await everyPlatform(fn, fakeHttp({ headers: { host: '' } }));
  expect(differences).toEqual([]);
  expect(agreed).toMatchObject({ status: 200, body: true });
});
