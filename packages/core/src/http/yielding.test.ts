import { Readable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { checkFunction } from '../function/check.js';
import { defineFunction } from '../function/define.js';
import { fakeHttp, invoke } from '../testing/index.js';
import { bytes, isStream, json } from './result.js';
import { http } from './trigger.js';

const error = vi.fn();
const define = defineFunction.logger({ debug() {}, info() {}, warn() {}, error });
const onGet = http({ method: 'GET', path: '/' });
const textOf = (body: unknown) => new Response(body as BodyInit).text();

describe('a handler that is an async generator', () => {
  test('streams what it yields: bytes, and text as UTF-8', async () => {
    const fn = define('f', onGet).handle(async function* () {
      yield 'ü';
      await Promise.resolve();
      yield new TextEncoder().encode('b');
    });
    const { status, headers, body } = await invoke(fn, fakeHttp());
    expect([status, headers]).toEqual([200, { 'content-type': 'application/octet-stream' }]);
    expect(isStream(body)).toBe(true);
    expect(await textOf(body)).toBe('üb');
  });

  test('runs only as far as it is read, and ends with its `finally` when the client leaves', async () => {
    const seen: string[] = [];
    const fn = define('f', onGet).handle(async function* () {
      try {
        for (let count = 0; ; count++) {
          seen.push(`yields ${count}`);
          yield String(count);
        }
      } finally {
        seen.push('ended');
      }
    });
    const { body } = await invoke(fn, fakeHttp());
    expect(seen).toEqual([]);
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
    expect(seen).toEqual(['yields 0', 'ended']);
  });

  test('does not start for HEAD', async () => {
    const start = vi.fn();
    const fn = define('f', onGet).handle(async function* () {
      start();
      yield 'a';
    });
    expect(await invoke(fn, fakeHttp({ method: 'HEAD' }))).toMatchObject({ status: 200, body: undefined });
    expect(start).not.toHaveBeenCalled();
  });

  test('that fails breaks its stream', async () => {
    const fn = define('f', onGet).handle(async function* () {
      yield 'a';
      throw new Error('late');
    });
    await expect(textOf((await invoke(fn, fakeHttp())).body)).rejects.toThrow('late');
  });

  test('may be the body of a result, and is a stream to layers', async () => {
    async function* lines() {
      yield 'data: 1\n\n';
    }
    const seen: boolean[] = [];
    const fn = define('f', onGet)
      .use(async (_event, _context, next) => {
        const result = await next();
        seen.push(isStream(result.value.body));
        return result;
      })
      .handle(() => bytes(201, lines(), { headers: { 'content-type': 'text/event-stream' } }));
    const { status, headers, body } = await invoke(fn, fakeHttp());
    expect([status, headers, seen]).toEqual([201, { 'content-type': 'text/event-stream' }, [true]]);
    expect(await textOf(body)).toBe('data: 1\n\n');
  });

  test('may be any async iterable, also without `return`', async () => {
    const once = () => {
      const values = ['a', 'b'];
      return {
        [Symbol.asyncIterator]: () => ({
          next: async () => ({ value: values.shift() ?? '', done: values.length === 0 }),
        }),
      };
    };
    expect(await textOf((await invoke(define('f', onGet).handle(once), fakeHttp())).body)).toBe('a');
    const { body } = await invoke(define('f', onGet).handle(once), fakeHttp());
    await (body as ReadableStream).cancel();
  });
});

describe('what JSON would write as {} is a logged 500', () => {
  class Money extends Map {}
  function* some() {
    yield 1;
  }
  test.each([
    ['Map', new Map([['a', 1]])],
    ['Map', new Money()],
    ['Set', new Set([1])],
    ['WeakMap', new WeakMap()],
    ['WeakSet', new WeakSet()],
    ['RegExp', /x/],
    ['Generator', some()],
    ['Headers', new Headers({ a: '1' })],
    ['URLSearchParams', new URLSearchParams('a=1')],
    ['FormData', new FormData()],
    ['Promise', { user: Promise.resolve(1) }],
    ['Error', { ok: false, error: new TypeError('x') }],
    ['Map', { a: [{ b: new Map() }] }],
    ['ArrayBuffer', { a: new ArrayBuffer(1) }],
    ['Response', { a: new Response() }],
  ])('%s', async (name, value) => {
    for (const returned of [value, json(200, value)]) {
      error.mockClear();
      expect(
        await invoke(
          define('f', onGet).handle((): unknown => returned),
          fakeHttp(),
        ),
      ).toMatchObject({ status: 500 });
      expect(error.mock.calls[0]?.[1].error.message).toBe(`JSON cannot represent [object ${name}].`);
    }
  });

  class Point {
    x?: number;
  }
  test.each([
    [{}],
    [[{}]],
    [{ a: {} }],
    [Object.create(null)],
    [new Point()],
    [{ at: new Date(0), empty: {} }],
    [{ text: '{}' }],
    [{ to: { toJSON: () => ({}) } }],
  ])('but not %j', async (value) => {
    expect(
      await invoke(
        define('f', onGet).handle((): unknown => value),
        fakeHttp(),
      ),
    ).toMatchObject({ status: 200 });
  });

  test('and a stream of Node is still refused with the way to convert it', async () => {
    error.mockClear();
    await invoke(
      define('f', onGet).handle((): unknown => Readable.from(['a'])),
      fakeHttp(),
    );
    expect(error.mock.calls[0]?.[1].error.message).toContain('Readable.toWeb');
  });
});

test.each(['GET', 'HEAD'] as const)('a body schema of a %s function is refused by the check', (method) => {
  const fn = defineFunction('f', http({ method, path: '/a', body: z.object({}) })).handle(() => 1);
  expect(() => checkFunction(fn)).toThrow(
    `http(...) for ${method} /a: a ${method} request has no body: remove \`body\`, or use POST.`,
  );
});
