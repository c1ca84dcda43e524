import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { InvocationContext } from '../context/context.js';
import { defineFunction } from '../function/define.js';
import { fakeHttp, invoke } from '../testing/index.js';
import { cookie, parseCookies } from './cookies.js';
import { finalizeHttp } from './finalize.js';
import { bytes, empty, type HttpResult, html, json, problem, redirect, text, toHttpResult } from './result.js';
import { http } from './trigger.js';

const error = vi.fn();
const context = {
  functionName: 'f',
  invocationId: 'i',
  log: { error },
  keepFault() {},
} as unknown as InvocationContext;
const final = (result: unknown, method = 'GET') => finalizeHttp(toHttpResult(result), method, context);

describe('what a handler returns', () => {
  test.each([
    ['a value', { a: 1 }, 200, 'application/json', '{"a":1}'],
    ['a string', 'text', 200, 'application/json', '"text"'],
    ['null', null, 200, 'application/json', 'null'],
    ['false', false, 200, 'application/json', 'false'],
    ['undefined', undefined, 204, undefined, undefined],
    ['json', json(201, [1]), 201, 'application/json', '[1]'],
    ['text', text(200, 'ü'), 200, 'text/plain; charset=utf-8', 'ü'],
    ['html', html(200, '<p>'), 200, 'text/html; charset=utf-8', '<p>'],
    ['bytes', bytes(200, new Uint8Array([1])), 200, 'application/octet-stream', new Uint8Array([1])],
    ['empty', empty(), 204, undefined, undefined],
    ['a redirect', redirect('/x'), 302, undefined, undefined],
    [
      'a problem',
      problem(409, { detail: 'd' }),
      409,
      'application/problem+json',
      '{"status":409,"title":"Conflict","code":"conflict","detail":"d"}',
    ],
    ['a value with a status of its own', { status: 7, body: 1 }, 200, 'application/json', '{"status":7,"body":1}'],
    [
      'an ArrayBuffer body',
      { ...bytes(200, new Uint8Array()), body: new Uint8Array([7]).buffer },
      200,
      'application/octet-stream',
      new Uint8Array([7]),
    ],
    ['a body with no type', { ...empty(200), body: { a: 1 } }, 200, 'application/json', '{"a":1}'],
  ])('%s', (_name, value, status, type, body) => {
    const result = final(value);
    expect(result).toMatchObject({ status });
    expect(result.headers['content-type']).toBe(type);
    expect(result.body).toEqual(body);
  });

  test('a Response keeps its stream, its headers and each of its cookies', () => {
    const headers = new Headers([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['x-a', '1'],
    ]);
    const response = new Response('body', { status: 201, headers });
    const result = final(response);
    expect(result).toMatchObject({ status: 201, cookies: ['a=1', 'b=2'], headers: { 'x-a': '1' } });
    expect(result.body).toBe(response.body);
  });

  test('HEAD and 304 have no body, and a stream that nobody reads is cancelled', () => {
    expect(final(json(200, 1), 'HEAD').body).toBeUndefined();
    expect(final({ ...json(200, 1), status: 304 }).body).toBeUndefined();
    const cancel = vi.fn();
    final(bytes(200, new ReadableStream({ cancel })), 'HEAD');
    expect(cancel).toHaveBeenCalled();
  });

  test('connection headers are left out, in any case, and the others stay', () => {
    const headers = {
      'Content-Length': '1',
      'transfer-encoding': 'chunked',
      Connection: 'close',
      'keep-alive': 'timeout=5',
      trailer: 'x-sum',
      upgrade: 'h2c',
      'content-encoding': 'gzip',
    };
    const response = new Response('{}', { headers: { 'content-length': '999', 'content-encoding': 'gzip' } });
    for (const result of [json(200, {}, { headers }), response]) {
      expect(Object.keys(final(result).headers).toSorted()).toEqual(['content-encoding', 'content-type']);
    }
  });

  test('header names are sent in lower case', () => {
    expect(final(json(200, 1, { headers: { 'X-A': '1', 'Content-Type': 'text/csv' } })).headers).toEqual({
      'content-type': 'text/csv',
      'x-a': '1',
    });
  });
});

describe('what cannot be sent is a logged 500', () => {
  test.each([
    ['promises that nobody waits for', () => [1, Promise.reject(new Error('later'))]],
    ['a body of them', () => json(200, [Promise.reject(new Error('later'))])],
    ['an error of another realm', () => runInNewContext('new Error("x")')],
  ])('%s', async (_, value) => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const fn = defineFunction('f', http({ method: 'GET', path: '/' })).handle(value);
    expect((await invoke(fn, fakeHttp())).status).toBe(500);
    expect(said).toHaveBeenCalledOnce();
    said.mockRestore();
  });

  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const headers = (values: Record<string, unknown>): HttpResult => ({ ...json(200, 1), headers: values as never });
  test.each([
    ['a line break in a header', headers({ 'x-a': 'a\r\nset-cookie: x=1' })],
    ['a line break in one of several', headers({ 'x-a': ['a', 'b\nc'] })],
    ['a NUL in a header', headers({ 'x-a': 'a\0' })],
    ['a header beyond Latin-1', headers({ 'x-a': '✓' })],
    ['a header that is no string', headers({ 'x-a': 7 })],
    ['a header name with a space', headers({ 'x a': '1' })],
    ['a header name with a line break', headers({ 'x\r\n': '1' })],
    ['Set-Cookie among the headers', headers({ 'Set-Cookie': 'a=1' })],
    ['a line break in a cookie', { ...json(200, 1), cookies: ['a=1\r\nx: y'] }],
    ['a status that is none', { ...json(200, 1), status: 99 }],
    ['a status that is no number', { ...json(200, 1), status: Number.NaN }],
    ['a cycle', { ...json(200, 1), body: cyclic }],
    ['a BigInt', { ...json(200, 1), body: { big: 1n } }],
    ['a function', { ...json(200, 1), body: () => 1 }],
    ['a Node stream', { ...json(200, 1), body: Readable.from(['a']) }],
  ])('%s', (_name, result) => {
    error.mockClear();
    const sent = final(result);
    expect(sent.status).toBe(500);
    expect(JSON.parse(String(sent.body))).toEqual({ status: 500, title: 'Internal Server Error', code: 'internal' });
    expect(error).toHaveBeenCalledOnce();
  });
});

describe('a response schema', () => {
  const response = z.object({ id: z.string() });
  const options = { method: 'GET', path: '/', response } as const;
  const wrong = () => json(200, { id: 7 });

  test('is checked in tests', async () => {
    const fn = defineFunction('f', http(options)).handle(wrong);
    await expect(invoke(fn, fakeHttp())).rejects.toThrow('The response does not match the response schema: body.id');
  });

  test('strips unknown keys, and leaves errors unchanged', async () => {
    const good = defineFunction('f', http(options)).handle(() => ({ id: '1', secret: 'x' }));
    expect((await invoke(good, fakeHttp())).body).toEqual({ id: '1' });
    const missing = defineFunction('f', http(options)).handle(() => problem(404));
    expect((await invoke(missing, fakeHttp())).status).toBe(404);
  });

  test('makes an invalid response a 500 in production with validateResponse', async () => {
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const fn = defineFunction
      .logger(logger)('f', http({ ...options, validateResponse: true }))
      .handle(wrong);
    expect((await invoke(fn, fakeHttp())).status).toBe(500);
  });
});

describe('cookies', () => {
  test('are parsed as browsers and other clients write them', () => {
    expect({ ...parseCookies('a=1; b="q"; c=%C3%BC; d=%; a=2; =x; e; f=x=y') }).toEqual({
      a: '1',
      b: 'q',
      c: 'ü',
      d: '%',
      f: 'x=y',
    });
    expect(Object.getPrototypeOf(parseCookies('__proto__=1'))).toBe(null);
  });

  test('have safe defaults', () => {
    expect(cookie('a', 'x y;')).toBe('a=x%20y%3B; Path=/; HttpOnly; Secure; SameSite=Lax');
    const attributes = {
      domain: 'a.example',
      path: '/x',
      maxAge: 60,
      expires: new Date(0),
      httpOnly: false,
      secure: false,
    } as const;
    expect(cookie('a', '', { ...attributes, sameSite: 'Strict' })).toBe(
      'a=; Domain=a.example; Path=/x; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60; SameSite=Strict',
    );
  });

  test('cannot inject attributes', () => {
    expect(() => cookie('a b', '1')).toThrow('is not a valid cookie name');
    expect(() => cookie('a', '1', { path: '/; Domain=evil.example' })).toThrow('a character that is not allowed');
    expect(() => cookie('a', '1', { maxAge: 1.5 })).toThrow('whole seconds');
  });
});

test('a fetched response is not cut off when its Response is garbage-collected', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const server = createServer((_request, response) => {
    response.write('one ');
    setTimeout(() => response.end('two'), 100);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxied = async () => toHttpResult(await fetch(`http://127.0.0.1:${port}`));
  const { body } = await proxied();
  for (let n = 0; n < 10; n++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(await new Response(body as ReadableStream).text()).toBe('one two');
  server.close();
});
