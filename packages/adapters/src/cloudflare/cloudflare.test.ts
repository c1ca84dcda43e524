import { beforeParsing, cookie, defineFunction, type HttpEvent, http, json, queue } from '@tradewind/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cloudflare } from './index.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const context = () => {
  const work: Promise<unknown>[] = [];
  return { work, waitUntil: (one: Promise<unknown>) => void work.push(one) };
};
const get = define('get', http({ method: 'GET', path: '/x/:id' })).handle(({ params, query }) => [params.id, query]);
const post = define('post', http({ method: 'POST', path: '/x', maxBodySize: 10 })).handle(({ body }) => body);

describe('fetch', () => {
  const worker = cloudflare(get, post);
  const at = (path: string, init?: RequestInit): Promise<Response> =>
    worker.fetch(new Request(`https://a.example${path}`, init), {}, context());

  test('routes, and answers unknown paths and methods', async () => {
    expect(await (await at('/x/a%20b?q=1&q=2')).json()).toEqual(['a b', { q: ['1', '2'] }]);
    expect(await (await at('/x', { method: 'POST', body: 'text' })).json()).toBe('text');
    expect((await at('/nothing')).status).toBe(404);
    expect((await at('/x/1', { method: 'DELETE' })).headers.get('allow')).toBe('GET, HEAD');
    expect(await (await at('/x/1', { method: 'HEAD' })).text()).toBe('');
  });

  test('reads no more of a body than the limit', async () => {
    let pulled = 0;
    const body = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(8));
      },
    });
    expect((await at('/x', { method: 'POST', body, duplex: 'half' } as RequestInit)).status).toBe(413);
    expect(pulled).toBeLessThan(5);
  });

  test('keeps two cookies, and each value of a header', async () => {
    const fn = define('f', http({ method: 'GET', path: '/' })).handle(() =>
      json(200, 1, { cookies: [cookie('a', '1'), cookie('b', '2')], headers: { 'x-many': ['1', '2'] } }),
    );
    const response = await cloudflare(fn).fetch(new Request('https://a.example/'), {}, context());
    expect(response.headers.getSetCookie()).toHaveLength(2);
    expect(response.headers.get('x-many')).toBe('1, 2');
  });

  test('hands background work to the platform', async () => {
    const work = Promise.resolve('done');
    const fn = define('f', http({ method: 'GET', path: '/' })).handle((_event, { waitUntil }) => waitUntil(work));
    const ctx = context();
    await cloudflare(fn).fetch(new Request('https://a.example/'), {}, ctx);
    expect(ctx.work).toHaveLength(1);
  });

  test.each(['the request', 'the body, then the request'])(
    'a layer before parsing reads %s, and leaves the body for parsing',
    async (read) => {
      const signed = beforeParsing(async (event: HttpEvent, _context, next) => {
        if (read.startsWith('the body')) void event.body;
        return next({ raw: await event.request.text() });
      });
      const fn = define('f', http({ method: 'POST', path: '/', body: z.object({ a: z.number() }) }))
        .use(signed)
        .handle(({ body }, { raw }) => [raw, body.a]);
      const init = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } };
      const response = await cloudflare(fn).fetch(new Request('https://a.example/', init), {}, context());
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual(['{"a":1}', 1]);
    },
  );

  test('checks the bindings', async () => {
    const fn = define
      .env(z.object({ KEY: z.string() }))('f', http({ method: 'GET', path: '/' }))
      .handle((_e, { env }) => env.KEY);
    const worker_ = cloudflare(fn);
    expect((await worker_.fetch(new Request('https://a.example/'), {}, context())).status).toBe(500);
    expect(await (await worker_.fetch(new Request('https://a.example/'), { KEY: 'k' }, context())).json()).toBe('k');
  });

  test('never mixes 100 overlapping requests', async () => {
    const fn = define('f', http({ method: 'POST', path: '/' }))
      .use(async ({ body }, _context, next) => next({ own: body }))
      .handle(async ({ body }, { own, invocationId }) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
        return [body, own, invocationId];
      });
    const worker_ = cloudflare(fn);
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        const init = {
          method: 'POST',
          body: String(n),
          headers: { 'content-type': 'application/json', 'cf-ray': `i-${n}` },
        };
        return (await worker_.fetch(new Request('https://a.example/', init), {}, context())).json();
      }),
    );
    expect(answers).toEqual(Array.from({ length: 100 }, (_, n) => [n, n, `i-${n}`]));
  });
});

describe('queue', () => {
  const Job = z.object({ id: z.string() });
  const work = define('work', queue({ queue: 'jobs', data: Job })).handle(async ({ data }) => {
    await Promise.resolve();
    if (data.id === 'bad') throw undefined;
  });
  const deliver = async (worker: ReturnType<typeof cloudflare<[typeof work]>>, name: string, ...bodies: unknown[]) => {
    const marks: string[] = [];
    const messages = bodies.map((body, index) => ({
      id: `m-${index}`,
      timestamp: new Date(0),
      body,
      attempts: 1,
      ack: () => void marks.push(`${index} ack`),
      retry: () => void marks.push(`${index} retry`),
    }));
    await worker.queue({ queue: name, messages }, {}, context());
    return marks.toSorted();
  };

  test('marks each message', async () => {
    expect(
      await deliver(
        cloudflare(work),
        'jobs',
        { id: 'a' },
        { id: 'bad' },
        'text',
        '{"id":"a"}',
        '{"__proto__":1}',
        null,
      ),
    ).toEqual(['0 ack', '1 retry', '2 retry', '3 ack', '4 retry', '5 retry']);
  });

  test('retries a message that cannot even be read', async () => {
    const marks: string[] = [];
    const broken = {
      id: 'm',
      timestamp: null as never,
      body: {},
      attempts: 1,
      ack: () => marks.push('ack'),
      retry: () => marks.push('retry'),
    };
    await cloudflare(work).queue({ queue: 'jobs', messages: [broken as never] }, {}, context());
    expect(marks).toEqual(['retry']);
  });

  test('handles a batch by the name of its queue, or with the only function', async () => {
    const other = define('other', queue({ queue: 'others' })).handle(() => {});
    expect(await deliver(cloudflare(work), 'jobs-staging', { id: 'a' })).toEqual(['0 ack']);
    expect(await deliver(cloudflare(work, other) as never, 'others', 'anything')).toEqual(['0 ack']);
    await expect(deliver(cloudflare(work, other) as never, 'unknown', 'x')).rejects.toThrow(
      "The Worker received a batch of the queue 'unknown', but has functions only for jobs, others.",
    );
  });

  test('refuses two functions for one queue', () => {
    const again = define('again', queue({ queue: 'jobs' })).handle(() => {});
    expect(() => cloudflare(work, again)).toThrow('each queue function must have its own queue');
  });
});

test('a Worker has only the handlers that its functions need', () => {
  expect(Object.keys(cloudflare(get))).toEqual(['fetch']);
  expect(
    Object.keys(
      cloudflare(
        get,
        define('q', queue({ queue: 'q' })).handle(() => {}),
      ),
    ),
  ).toEqual(['fetch', 'queue']);
});
