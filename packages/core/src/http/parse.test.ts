import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import * as mini from 'zod/mini';
import { checkFunction } from '../function/check.js';
import { defineFunction, type Trigger } from '../function/define.js';
import { type FakeHttpOptions, fakeHttp, fakeRaw, invoke } from '../testing/index.js';
import { http } from './trigger.js';

/** Checks a function with the trigger. */
const check = (trigger: Trigger): void => checkFunction(defineFunction('f', trigger).handle(() => {}));

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);

/** What a function without a body schema sees of a request. */
async function seen(request: FakeHttpOptions<unknown, unknown, unknown>, options: { maxBodySize?: number } = {}) {
  let event: { body: unknown; query: unknown; params: unknown; cookies: unknown } | undefined;
  const fn = define('f', http({ method: 'POST', path: '/a/:id/b/:other', ...options })).handle((request_) => {
    event = request_;
  });
  const answer = await invoke(fn, fakeRaw('http', { params: { id: '1', other: '2' }, ...request }));
  return { answer, event };
}

describe('the path', () => {
  test('gives its parameters, decoded', async () => {
    const { event } = await seen({ params: { id: 'a/b c', other: 'ü' } });
    expect(event?.params).toEqual({ id: 'a/b c', other: 'ü' });
  });

  test.each(['/a/1/b', '/a/1/b/2/3', '/a//b/2', '/x/1/b/2', '/A/1/b/2', 'a/1/b/2', ''])('%j is a 404', async (path) => {
    expect((await seen({ path })).answer.status).toBe(404);
  });

  test('may end in a slash, and may hold a lone %', async () => {
    expect((await seen({ path: '/a/1/b/%/' })).event?.params).toEqual({ id: '1', other: '%' });
  });

  test.each(['orders', '/a/b c', '/a#b', '/{a}', '/a/../b', '/a/*', '/a/:', '/:a/:a', '/a?', '/:a-b', '//'])(
    '%j is refused by the check',
    (path) => {
      expect(() => check(http({ method: 'GET', path }))).toThrow("must consist of '/text' and '/:name' segments");
    },
  );

  test('accepts parameter names such as __proto__', async () => {
    const fn = define('f', http({ method: 'GET', path: '/:__proto__' })).handle(({ params }) => Object.keys(params));
    expect((await invoke(fn, fakeRaw('http', { path: '/x' }))).body).toEqual(['__proto__']);
  });
});

describe('the method', () => {
  const get = define('f', http({ method: 'GET', path: '/' })).handle(() => 'body');

  test('that is not allowed is a 405, which lists the allowed ones', async () => {
    const answer = await invoke(get, fakeHttp({ method: 'DELETE' }));
    expect(answer).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
      body: { code: 'method_not_allowed' },
    });
  });

  test('HEAD is handled by a GET function', async () => {
    expect((await invoke(get, fakeHttp({ method: 'HEAD' }))).status).toBe(200);
  });
});

describe('the query', () => {
  test('has an array for a repeated name', async () => {
    const { event } = await seen({ query: { a: ['1', '2'], b: 'x y&', c: '' } });
    expect(event?.query).toEqual({ a: ['1', '2'], b: 'x y&', c: '' });
  });

  test('has no prototype to pollute', async () => {
    const { event } = await seen({ query: { ['__proto__']: 'x', constructor: 'y' } });
    expect(Object.getPrototypeOf(event?.query)).toBe(null);
    expect(event?.query).toMatchObject({ constructor: 'y' });
  });

  test('is the output of its schema', async () => {
    const query = z.object({ page: z.coerce.number().int().default(1) });
    const fn = define('f', http({ method: 'GET', path: '/', query })).handle((event) => event.query.page + 1);
    expect((await invoke(fn, fakeRaw('http', { query: { page: '7' } }))).body).toBe(8);
    expect((await invoke(fn, fakeRaw('http', {}))).body).toBe(2);
    expect((await invoke(fn, fakeRaw('http', { query: { page: 'x' } }))).body).toMatchObject({
      errors: [{ in: 'query', pointer: '#/page' }],
    });
  });
});

describe('the body', () => {
  test.each([
    ['JSON is its value', { body: { a: [1] } }, { a: [1] }],
    [
      'JSON by suffix',
      { body: '{"a":1}', headers: { 'content-type': 'application/merge-patch+json; charset=utf-8' } },
      { a: 1 },
    ],
    ['a form is a record', { body: new URLSearchParams('a=1&a=2&b=') }, { a: ['1', '2'], b: '' }],
    ['text is a string', { body: 'grüße' }, 'grüße'],
    [
      'text in another charset',
      { body: new Uint8Array([0xfc]), headers: { 'content-type': 'text/plain; charset=latin1' } },
      'ü',
    ],
    ['anything else is bytes', { body: new Uint8Array([1, 2]) }, new Uint8Array([1, 2])],
    [
      'a text of no known type is bytes',
      { body: 'ab', headers: { 'content-type': 'image/png' } },
      new Uint8Array([97, 98]),
    ],
    [
      'a compressed one is bytes',
      {
        body: new Uint8Array([0x1f, 0x8b, 0xff]),
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      },
      new Uint8Array([0x1f, 0x8b, 0xff]),
    ],
    ['an empty one is undefined', { body: '', headers: { 'content-type': 'application/json' } }, undefined],
    ['none is undefined', {}, undefined],
  ])('%s', async (_name, request, expected) => {
    const { answer, event } = await seen(request);
    expect(answer.status).toBe(204);
    expect(event?.body).toEqual(expected);
  });

  test('multipart is a FormData', async () => {
    const form = new FormData();
    form.set('name', 'tea');
    form.set('file', new File(['abc'], 'a.txt'));
    const { event } = await seen({ body: form });
    const parsed = event?.body as FormData;
    expect(parsed.get('name')).toBe('tea');
    expect(await (parsed.get('file') as File).text()).toBe('abc');
  });

  test.each([
    ['invalid JSON', { body: '{', headers: { 'content-type': 'application/json' } }, 400],
    [
      'JSON that is no UTF-8',
      { body: new Uint8Array([0x22, 0xff, 0x22]), headers: { 'content-type': 'application/json' } },
      400,
    ],
    ['a broken multipart', { body: 'x', headers: { 'content-type': 'multipart/form-data; boundary=b' } }, 400],
    [
      'a charset that nobody knows',
      { body: new Uint8Array([1]), headers: { 'content-type': 'text/plain; charset=klingon' } },
      415,
    ],
    ['a __proto__ key', { body: '{"a":[{"__proto__":{}}]}', headers: { 'content-type': 'application/json' } }, 400],
    [
      'an escaped __proto__ key',
      { body: '{"\\u005f_proto__":{}}', headers: { 'content-type': 'application/json' } },
      400,
    ],
  ])('%s is refused', async (_name, request, status) => {
    const { answer, event } = await seen(request);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(event).toBeUndefined();
  });

  test('__proto__ is accepted as a value', async () => {
    expect((await seen({ body: { a: '__proto__', b: '\\u0000' } })).event?.body).toEqual({
      a: '__proto__',
      b: '\\u0000',
    });
  });

  test.each([
    ['text', 'x'.repeat(11)],
    ['characters of several bytes', 'ü'.repeat(6)],
    ['bytes', new Uint8Array(11)],
  ])('of too many bytes (%s) is a 413', async (_name, body) => {
    const { answer } = await seen({ body }, { maxBodySize: 10 });
    expect(answer).toMatchObject({ status: 413, body: { detail: 'The body is larger than 10 bytes.' } });
  });

  test('of exactly the limit is accepted', async () => {
    expect((await seen({ body: 'ü'.repeat(5) }, { maxBodySize: 10 })).event?.body).toBe('ü'.repeat(5));
  });

  test('of 10 MB is a 413 by default', async () => {
    expect((await seen({ body: 'x'.repeat(10_000_000) })).answer.status).toBe(413);
  });

  test('of a GET request is not read without a schema', async () => {
    const fn = define('f', http({ method: 'GET', path: '/' })).handle(({ body }) => String(body));
    const request = { body: '{', headers: { 'content-type': 'application/json' } };
    expect(await invoke(fn, fakeRaw('http', request))).toMatchObject({ status: 200, body: '"undefined"' });
  });
});

const SCHEMAS = {
  zod: z.object({ items: z.array(z.object({ 'q/t~y': z.number() })) }),
  'zod/mini': mini.object({ items: mini.array(mini.object({ 'q/t~y': mini.number() })) }),
  valibot: v.object({ items: v.array(v.object({ 'q/t~y': v.number() })) }),
  arktype: type({ items: type({ 'q/t~y': 'number' }).array() }),
};

describe.each(Object.entries(SCHEMAS))('a body schema by %s', (_name, schema) => {
  const body = schema as (typeof SCHEMAS)['zod'];
  const fn = define('f', http({ method: 'POST', path: '/', body })).handle((event) => event.body.items[0]?.['q/t~y']);

  test('gives a typed body', async () => {
    expect((await invoke(fn, fakeHttp({ body: { items: [{ 'q/t~y': 7 }] } }))).body).toBe(7);
  });

  test('names each issue by its path', async () => {
    const answer = await invoke(fn, fakeRaw('http', { body: { items: [{ 'q/t~y': 7 }, { 'q/t~y': 'x' }] } }));
    expect(answer).toMatchObject({
      status: 400,
      headers: { 'content-type': 'application/problem+json' },
      body: { status: 400, title: 'Bad Request', errors: [{ in: 'body', pointer: '#/items/1/q~1t~0y' }] },
    });
  });

  test('without a body is a 400, and with one of another type a 415', async () => {
    expect((await invoke(fn, fakeRaw('http', {}))).status).toBe(400);
    expect((await invoke(fn, fakeRaw('http', { body: 'text' }))).status).toBe(415);
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await invoke(fn, fakeRaw('http', { body: new Uint8Array([0x1f, 0x8b]), headers }))).status).toBe(415);
  });
});

test('a response lists only the first of ten thousand issues', async () => {
  const fn = define('f', http({ method: 'POST', path: '/', body: z.array(z.number()) })).handle(() => 1);
  const answer = await invoke(fn, fakeRaw('http', { body: Array.from({ length: 10_000 }, () => 'x') }));
  expect((answer.body as { errors: unknown[] }).errors).toHaveLength(50);
});

test.each([
  [{ maxBodySize: Number('no number') }, 'http(...) for POST /: `maxBodySize` must be a number above 0; got NaN.'],
  [{ maxBodySize: '1mb' as never }, 'http(...) for POST /: `maxBodySize` must be a number above 0; got 1mb.'],
  [{ timeout: -1 }, 'http(...) for POST /: `timeout` must be a number above 0; got -1.'],
  [
    { body: { a: 1 } as never },
    'http(...) for POST /: `body` must be a Standard Schema: its validate must be a function',
  ],
])('%j is refused', (options, told) => {
  expect(() => check(http({ method: 'POST', path: '/', ...options }))).toThrow(told);
});

test('a schema may be asynchronous, and an error that it throws is a 500', async () => {
  const validate = async (value: unknown) => {
    const { id } = value as { id: string };
    if (id === 'throw') throw new Error('hunter2');
    return id === 'bad' ? { issues: [{ message: 'bad' }] } : { value: { id } };
  };
  const body = { '~standard': { version: 1 as const, vendor: 'test', validate } };
  const fn = define('f', http({ method: 'POST', path: '/', body })).handle((event) => event.body.id);
  expect((await invoke(fn, fakeRaw('http', { body: { id: 'good' } }))).body).toBe('"good"');
  expect((await invoke(fn, fakeRaw('http', { body: { id: 'bad' } }))).status).toBe(400);
  const failed = await invoke(fn, fakeRaw('http', { body: { id: 'throw' } }));
  expect(failed.status).toBe(500);
  expect(JSON.stringify(failed)).not.toContain('hunter2');
});

test('the web request has its body, even after parsing', async () => {
  const fn = define('f', http({ method: 'POST', path: '/x' })).handle(async ({ request, body }) => [
    request.method,
    new URL(request.url).pathname,
    new URL(request.url).search,
    request.headers.get('x-a'),
    body,
    await request.json(),
  ]);
  const answer = await invoke(
    fn,
    fakeRaw('http', { query: { q: '1' }, headers: { 'X-A': ['1', '2'] }, body: { a: 1 } }),
  );
  expect(answer.body).toEqual(['POST', '/x', '?q=1', '1, 2', { a: 1 }, { a: 1 }]);
});

test('headers are found in any case, can be iterated, and are null if missing', async () => {
  const fn = define('f', http({ method: 'GET', path: '/' })).handle(({ headers }) => [
    headers.get('X-Several'),
    headers.has('x-none'),
    headers.get('x-none'),
    Object.fromEntries(headers),
  ]);
  expect((await invoke(fn, fakeHttp({ headers: { 'x-several': ['a', 'b'] } }))).body).toEqual([
    'a, b',
    false,
    null,
    { 'x-several': 'a, b' },
  ]);
});

test('an unknown option is refused by the check', () => {
  expect(() => check(http({ method: 'GET', path: '/x', maxBodysize: 1 } as never))).toThrow(
    "http(...): unknown option 'maxBodysize'. The options are method, path, body,",
  );
  expect(() => http(undefined as never)).toThrow("Cannot destructure property 'method'");
});

test.each([
  ['/é', '/%C3%A9'],
  ['/shops/:id/größe', '/shops/:id/gr%C3%B6%C3%9Fe'],
  ['/a"b', '/a%22b'],
  ['/a<b>', '/a%3Cb%3E'],
])('a path that no request can have is refused by the check: %s', async (path, encoded) => {
  expect(() => check(http({ method: 'GET', path }))).toThrow(`must be written percent-encoded`);
  expect(() => check(http({ method: 'GET', path }))).toThrow(`"${encoded}"; got ${JSON.stringify(path)}.`);
  check(http({ method: 'GET', path: encoded }));
});

test('an unknown method is refused by the check', () => {
  for (const [options, came] of [
    [{ path: '/x' }, 'undefined'],
    [{ method: 'FETCH', path: '/x' }, "'FETCH'"],
    [{ method: 'get', path: '/x' }, "'get'"],
    [{ method: 7, path: '/x' }, 'number'],
  ] as const) {
    expect(() => check(http(options as never))).toThrow(
      `must be one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS; got ${came}.`,
    );
  }
});
