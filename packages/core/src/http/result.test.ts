import { describe, expect, test, vi } from 'vitest';
import type { InvocationContext } from '../context/context.js';
import { defineFunction } from '../function/define.js';
import { reply } from '../function/middleware.js';
import { fakeHttp, invoke } from '../testing/index.js';
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
const final = (result: unknown) => finalizeHttp(toHttpResult(result), 'GET', context);
const onGet = http({ method: 'GET', path: '/' });
const returning = (value: unknown) =>
  defineFunction
    .logger({ debug() {}, info() {}, warn() {}, error })('f', onGet)
    .handle(() => value);

const HOSTILE = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  cookies: ['session=stolen'],
  body: '<script>',
};

describe('data that is shaped like a result', () => {
  test.each([
    ['with a member more', { ...HOSTILE, id: 7 }],
    ['with a status that HTTP does not have', { ...HOSTILE, status: 7 }],
    ['with its own JSON of a brand', { ...HOSTILE, 'Symbol(tradewind.httpResult)': true }],
  ])('is sent as data, %s', async (_, value) => {
    const sent = await invoke(returning(JSON.parse(JSON.stringify(value))), fakeHttp());
    expect(sent).toEqual({ status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: value });
  });

  test('and that has nothing else is refused; json(...) sends it', async () => {
    expect(await invoke(returning(HOSTILE), fakeHttp())).toMatchObject({ status: 500, cookies: [] });
    expect(await invoke(returning(json(200, HOSTILE)), fakeHttp())).toMatchObject({ status: 200, body: HOSTILE });
  });

  test('has no brand after it was stored as JSON, and one from a second copy of core has', () => {
    const made = json(200, 1);
    expect(JSON.parse(JSON.stringify(made))).not.toEqual(made);
    expect(Object.getOwnPropertySymbols(made)).toEqual([Symbol.for('tradewind.httpResult')]);
  });
});

describe('a result', () => {
  test.each([
    ['json', json(201, { a: 1 })],
    ['text', text(201, 'a')],
    ['html', html(201, 'a')],
    ['bytes', bytes(201, new Uint8Array([1]))],
    ['empty', empty(201)],
    ['redirect', { ...redirect('/'), status: 201 }],
    ['problem', problem(201)],
    ['a Response', toHttpResult(new Response(null, { status: 201 }))],
  ])('of %s stays one when a layer spreads it', (_name, result: HttpResult) => {
    const changed = { ...result, headers: { ...result.headers, 'x-a': '1' }, cookies: [...result.cookies, 'a=1'] };
    expect(final(changed)).toMatchObject({ status: 201, headers: { 'x-a': '1' }, cookies: ['a=1'] });
  });

  test('that `invoke` returns can be compared with its four members, and is a result', async () => {
    const sent = await invoke(returning({ a: 1 }), fakeHttp());
    expect(sent).toStrictEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: { a: 1 },
    });
    expect(toHttpResult(sent)).toBe(sent);
  });

  test.each([
    ['cookies', { ...json(200, 1), cookies: 'a=1' }],
    ['cookies', { ...json(200, 1), cookies: undefined }],
    ['headers', { ...json(200, 1), headers: null }],
  ])('with no usable %s is a logged 500', (name, value) => {
    error.mockClear();
    expect(final(value).status).toBe(500);
    expect(error.mock.calls[0]?.[1].error.message).toContain(name);
  });
});

describe('a response in another format', () => {
  test.each([
    ['Lambda’s', { statusCode: 404, body: 'no' }],
    [
      'Lambda’s with everything',
      { statusCode: 302, headers: {}, multiValueHeaders: {}, body: '', isBase64Encoded: false },
    ],
    ['Lambda’s with cookies', { statusCode: 200, cookies: [], body: '{}' }],
    ['Lambda’s with a status in text', { statusCode: '404', body: 'no' }],
    ['a status alone', { statusCode: 404 }],
    ['a result written by hand', { status: 404, body: 'no' }],
  ])('is a clear error: %s', async (_, value) => {
    error.mockClear();
    expect(await invoke(returning(value), fakeHttp())).toMatchObject({ status: 500 });
    expect(error.mock.calls[0]?.[1].error.message).toBe(
      'Return json(...) or another helper; json(200, value) sends any value.',
    );
    const early = defineFunction
      .logger({ debug() {}, info() {}, warn() {}, error })('f', onGet)
      .use(async () => reply(value))
      .handle(() => 1);
    expect(await invoke(early, fakeHttp())).toMatchObject({ status: 500 });
  });

  test.each([
    { status: 7, body: 1 },
    { statusCode: 600, body: 1 },
    { statusCode: 404, error: 'not ours' },
    { status: 404, id: 'o-1' },
    { status: 'paid', body: 'thanks' },
    { body: 'x', headers: {} },
    [{ statusCode: 404, body: 1 }],
    { answer: { statusCode: 404, body: 1 } },
  ])('is not seen in %j', async (value) => {
    expect(await invoke(returning(value), fakeHttp())).toMatchObject({ status: 200, body: value });
  });

  test('is sent by json(...)', async () => {
    const value = { statusCode: 404, body: 'no' };
    expect(await invoke(returning(json(200, value)), fakeHttp())).toMatchObject({ status: 200, body: value });
  });
});
