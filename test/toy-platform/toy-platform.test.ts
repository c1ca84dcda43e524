/** A platform made from ARCHITECTURE.md's "How to add" and from what adapters share, and nothing else. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AnyFunction, bytes, cookie, defineFunction, http, json, queue, text } from '@tradewind/core';
import { memory } from '@tradewind/core/testing';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { everySituation, SUCCESS_OR_FAILURE, told } from '../delivery/single-message.ts';
import { mutate, mutations } from '../fuzz/mutate.ts';
import { queueDelivery } from './delivery.ts';
import { on, toyCloud } from './index.ts';
import type { ToyAnswer, ToyHead } from './types.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const meta = (left = 30_000) => ({ run: 'run-1', killAt: Date.now() + left });
const note = (data: unknown, tries = 1) => ({ note: { key: 'n-1', text: JSON.stringify(data), tries } });
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const request = (
  verb: string,
  target: string,
  text?: string,
  head: ToyHead = [['content-type', 'application/json']],
) => ({
  verb,
  target,
  head,
  payload: text === undefined ? null : base64(text),
});

everySituation([
  {
    ...SUCCESS_OR_FAILURE,
    table: queueDelivery,
    kind: 'queue',
    start: (fn) => toyCloud(fn as never),
    run: (fn, data) => told(toyCloud(fn as never)(note(data), meta())),
  },
]);

describe('a note', () => {
  test('is a CloudEvent, of an invocation that the toy cloud knows', async () => {
    const { killAt } = meta();
    let seen: unknown;
    const work = define('work', queue({ queue: 'q' })).handle((event, context) => {
      const { platform, invocationId, deliveryAttempt, deadline } = context;
      seen = { event, platform, invocationId, deliveryAttempt, deadline };
    });
    await toyCloud(work)(note({ a: 1 }, 3), { run: 'run-1', killAt });
    const event = { id: 'n-1', source: 'urn:toy:queue:q', type: 'toy.note', extensions: {}, data: { a: 1 } };
    expect(seen).toEqual({ event, platform: 'toy', invocationId: 'run-1', deliveryAttempt: 3, deadline: killAt });
  });

  test('comes again when killAt is near', async () => {
    vi.useFakeTimers();
    const hangs = define('hangs', queue({ queue: 'q' })).handle(() => new Promise(() => {}));
    const answer = told(toyCloud(hangs)(note(1), meta(1_000)));
    await vi.advanceTimersByTimeAsync(950);
    vi.useRealTimers();
    expect(await answer).toBe('failure');
  });

  test('goes to the sink that its function was given', async () => {
    const deadLetter = memory();
    const picky = define('picky', queue({ queue: 'q', data: z.object({ id: z.string() }) })).handle(() => {});
    await toyCloud(on(picky, { deadLetter }))(note({}), meta());
    expect(deadLetter.sent).toMatchObject([{ event: { id: 'n-1' } }]);
  });
});

const items = define('items', http({ method: 'GET', path: '/items/:id' })).handle(({ params, query }) =>
  json(
    200,
    { id: params.id, query },
    { headers: { 'x-many': ['a', 'b'] }, cookies: [cookie('a', '1'), cookie('b', '2')] },
  ),
);
const add = define(
  'add',
  http({ method: 'POST', path: '/items', body: z.object({ name: z.string() }), maxBodySize: 100 }),
);
const added = add.handle(({ body, headers, cookies }) => json(201, { ...body, cookies, many: headers.get('X-Many') }));
const icon = define('icon', http({ method: 'GET', path: '/icon' })).handle(() =>
  bytes(200, new Uint8Array([0, 255, 128])),
);

describe('a request', () => {
  const api = toyCloud(items, added, icon);
  const send = async (...of: Parameters<typeof request>) => {
    const { code, head, payload } = (await api(request(...of), meta())) as ToyAnswer;
    const bytes = payload === null ? undefined : Buffer.from(payload, 'base64');
    return {
      code,
      head,
      bytes,
      body: head.some(([, value]) => /json/.test(value)) && bytes ? JSON.parse(`${bytes}`) : undefined,
    };
  };

  test('is answered with JSON and two cookies', async () => {
    const { code, head, body } = await send('GET', '/items/a%20b?x=1&x=2');
    expect({ code, body }).toEqual({ code: 200, body: { id: 'a b', query: { x: ['1', '2'] } } });
    expect(head).toContainEqual(['content-type', 'application/json']);
    expect(head).toContainEqual(['x-many', 'a, b']);
    expect(head.filter(([name]) => name === 'set-cookie').map(([, value]) => value.slice(0, 3))).toEqual([
      'a=1',
      'b=2',
    ]);
  });
  test('has its headers and cookies, however often they come', async () => {
    const head: ToyHead = [
      ['Content-Type', 'application/json'],
      ['X-Many', '1'],
      ['x-many', '2'],
      ['Cookie', 'a=1'],
      ['cookie', 'b=2'],
    ];
    expect(await send('POST', '/items', '{"name":"n"}', head)).toMatchObject({
      code: 201,
      body: { name: 'n', cookies: { a: '1', b: '2' }, many: '1, 2' },
    });
  });
  test('is routed to the function of its path and method', async () => {
    expect(await send('POST', '/items', '{"name":"n"}')).toMatchObject({ code: 201 });
    expect(await send('GET', '/items/1')).toMatchObject({ code: 200 });
  });
  test('with bytes for an answer gets them', async () => {
    const { head, bytes } = await send('GET', '/icon');
    expect(head).toContainEqual(['content-type', 'application/octet-stream']);
    expect([...(bytes ?? [])]).toEqual([0, 255, 128]);
  });
  test('for the head gets no body', async () => {
    const { code, head, bytes } = await send('HEAD', '/items/1');
    expect({ code, bytes }).toEqual({ code: 200, bytes: undefined });
    expect(head).toContainEqual(['content-type', 'application/json']);
  });
  test('that does not fit is a 400, and so is one that is no base64', async () => {
    expect(await send('POST', '/items', '{"name":1}')).toMatchObject({
      code: 400,
      body: { errors: [{ in: 'body', pointer: '#/name' }] },
    });
    expect(await send('POST', '/items', '{')).toMatchObject({ code: 400 });
    expect(await api({ ...request('POST', '/items'), payload: 'no!' }, meta())).toMatchObject({ code: 400 });
  });
  test('for nothing is a 404', async () => {
    expect(await send('GET', '/nothing')).toMatchObject({ code: 404, body: { status: 404 } });
    expect(await toyCloud(icon)(request('GET', '/nothing'), meta())).toMatchObject({ code: 404 });
  });
  test('of a method that the path does not have is a 405, which names those that it has', async () => {
    const { code, head } = await send('DELETE', '/items');
    expect(code).toBe(405);
    expect(head).toContainEqual(['allow', 'POST']);
    const alone = (await toyCloud(icon)(request('POST', '/icon'), meta())) as ToyAnswer;
    expect(alone.head).toContainEqual(['allow', 'GET, HEAD']);
  });
  test('that is too large is a 413', async () => {
    expect(await send('POST', '/items', JSON.stringify({ name: 'n'.repeat(100) }))).toMatchObject({ code: 413 });
  });
  test('has a web-standard form', async () => {
    const echo = define('echo', http({ method: 'POST', path: '/echo' })).handle(async ({ request: { url } }) =>
      text(200, url),
    );
    const answer = (await toyCloud(echo)(
      request('POST', '/echo?a=1', '1', [['Host', 'toy.example']]),
      meta(),
    )) as ToyAnswer;
    expect(Buffer.from(answer.payload ?? '', 'base64').toString()).toBe('https://toy.example/echo?a=1');
  });
});

test('a stream is answered as a whole, and one that breaks is a 500', async () => {
  const chunks = (...all: (string | Error)[]) =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = all.shift();
        if (next instanceof Error) controller.error(next);
        else if (next === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(next));
      },
    });
  const streams = (...all: (string | Error)[]) =>
    toyCloud(define('streams', http({ method: 'GET', path: '/' })).handle(() => json(200, chunks(...all))));
  expect(await streams('a', 'b')(request('GET', '/'), meta())).toMatchObject({ code: 200, payload: base64('ab') });
  expect(await streams('a', new Error('no'))(request('GET', '/'), meta())).toMatchObject({ code: 500 });
});

const work = define('work', queue({ queue: 'q' })).handle(() => {});

test.each([
  [items, note(1)],
  [items, undefined],
  [items, { ...request('GET', '/items/1'), head: [['a']] }],
  [work, request('GET', '/')],
  [work, null],
  [work, { note: { text: 'no key' } }],
  [work, { note: { key: 'k', text: 1 } }],
])('an event that is not of the function fails the call, and is not done', async (fn: AnyFunction, event) => {
  await expect(toyCloud(fn as never)(event, meta())).rejects.toMatchObject({ code: 'foreign_event' });
});

test('functions that cannot share a handler are refused', () => {
  // @ts-expect-error A handler has one source of events.
  expect(() => toyCloud(items, work)).toThrow(
    'the toy cloud: every function must come from defineFunction(...).handle(...) and be of kind http',
  );
  // @ts-expect-error A request has no dead letter.
  expect(toyCloud(on(items, { deadLetter: memory() }))).toBeTypeOf('function');
  expect(() => toyCloud()).toThrow('; got none.');
});

describe('1,000 mutations', () => {
  const RUNS = { numRuns: 1_000 };

  test('of a request are answered, or fail as foreign', async () => {
    const echo = define('echo', http({ method: 'POST', path: '/items/:id' })).handle((event) => {
      const { method, path, params, query, headers, cookies, body } = event;
      return json(200, { method, path, params, query, headers: [...headers], cookies, body });
    });
    const api = toyCloud(echo, items);
    const golden = request('POST', '/items/1?a=1', '{"a":1}', [
      ['content-type', 'application/json'],
      ['cookie', 'a=1'],
    ]);
    await fc.assert(
      fc.asyncProperty(mutations, async (all) => {
        const answer = (await api(mutate(golden, all), meta()).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'foreign_event' });
        })) as ToyAnswer | undefined;
        // Nothing that a client sends is the server's fault.
        if (answer) expect([200, 400, 404, 405, 415]).toContain(answer.code);
      }),
      RUNS,
    );
    expect('polluted' in {}).toBe(false);
  });

  test('of a note are handled, or fail the call', async () => {
    let handled = 0;
    const Data = z.union([z.object({ a: z.number() }), z.string()]);
    const count = define('count', queue({ queue: 'q', data: Data })).handle(() => {
      handled += 1;
    });
    await fc.assert(
      fc.asyncProperty(mutations, async (all) => {
        handled = 0;
        const outcome = await told(toyCloud(count)(mutate(note({ a: 1 }), all), meta()));
        expect(outcome).toBe(handled === 1 ? 'success' : 'failure');
      }),
      RUNS,
    );
    expect('polluted' in {}).toBe(false);
  });
});

describe('the whole platform', () => {
  const files = globSync('*.ts', { cwd: import.meta.dirname }).filter((name) => !name.endsWith('.test.ts'));
  const sources = files.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'));

  test('is small', () => {
    const code = sources.join('\n').replaceAll(/\/\*[\s\S]*?\*\/|^ *\/\/.*$/gm, '');
    const lines = code.split('\n').filter((line) => line.trim() !== '');
    expect(files).toHaveLength(7);
    expect(lines.length).toBeLessThan(200);
  });

  test('is made of core and of what adapters share', () => {
    const imported = sources.flatMap((source) => [...source.matchAll(/\bfrom '([^']+)'/g)].map(([, name]) => name));
    const own = /^(\.\/|\.\.\/\.\.\/packages\/adapters\/src\/shared\/|@tradewind\/core(\/adapter)?$)/;
    expect(imported.filter((name) => !own.test(name ?? ''))).toEqual([]);
  });
});
