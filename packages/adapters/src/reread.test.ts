/** A layer may leave a body that it began to read, and may call `next()` more than once. */
import { beforeParsing, defineFunction, type HttpEvent, http, json } from '@tradewind/core';
import { fakeHttp } from '@tradewind/core/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { everyPlatform } from './testing/index.js';

const define = defineFunction.logger({ debug() {}, info() {}, warn() {}, error() {} });
const BYTES = new Uint8Array(200_000).fill(97);
const TEXT = { 'content-type': 'text/plain' };

type Use = (event: HttpEvent) => unknown;

describe('a body that is left before parsing is parsed whole', () => {
  const WAYS: Readonly<Record<string, Use>> = {
    'its stream is cancelled': ({ request }) => request.body?.cancel(),
    'its stream is cancelled with a reason': ({ request }) => request.body?.cancel(new Error('enough')),
    'its reader is cancelled': ({ request }) => request.body?.getReader().cancel(),
    'its reader is cancelled after a chunk': async ({ request }) => {
      const reader = request.body?.getReader();
      await reader?.read();
      await reader?.cancel();
    },
    'a loop breaks': async ({ request }) => {
      for await (const _ of request.body ?? []) break;
    },
    'both of its clones are cancelled': ({ request }) =>
      Promise.all([request.clone().body?.cancel(), request.body?.cancel()]),
    'a pipe ends early': async ({ request }) => {
      const gone = new AbortController();
      gone.abort();
      await request.body?.pipeTo(new WritableStream(), { signal: gone.signal }).catch(() => {});
    },
  };
  test.each(Object.entries(WAYS))('%s', async (_way, use) => {
    for (const headers of [TEXT, {}]) {
      const fn = define('f', http({ method: 'POST', path: '/f' }))
        .use(
          beforeParsing(async (event: HttpEvent, _context, next) => {
            await use(event);
            return next();
          }),
        )
        .handle(({ body }) => (body as string | Uint8Array).length);
      const { agreed, differences } = await everyPlatform(fn, fakeHttp({ body: BYTES, headers }) as never);
      expect(differences).toEqual([]);
      expect(agreed).toMatchObject({ status: 200, body: BYTES.length });
    }
  });
});

describe('`next()` before parsing, called more than once', () => {
  const Query = z.object({ day: z.string().transform((text) => ({ text })) });
  const Body = z.object({ day: z.string().transform((text) => ({ text })) });
  const runs = {
    'one after the other': async (next: () => Promise<unknown>) => [await next(), await next()],
    'at the same time': (next: () => Promise<unknown>) => Promise.all([next(), next()]),
  };
  const befores: Readonly<Record<string, Use>> = {
    'without reading': () => {},
    'after reading `request`': ({ request }) => request.text(),
    'after reading `query` and `body`': ({ query, body }) => void [query, body],
  };
  const all = Object.entries(runs).flatMap(([how, run]) =>
    Object.entries(befores).map(([before, use]) => [`${how}, ${before}`, run, use] as const),
  );
  test.each(all)('parses the same request each time: %s', async (_how, run, use) => {
    const seen: unknown[] = [];
    const fn = define('f', http({ method: 'POST', path: '/f', query: Query, body: Body }))
      .use(
        beforeParsing(async (event: HttpEvent, _context, next) => {
          await use(event);
          const [, last] = await run(next as () => Promise<unknown>);
          return last as never;
        }),
      )
      .handle(({ query, body }) => {
        seen.push([query, body]);
        return json(200, 'done');
      });
    const fake = fakeHttp({ query: { day: 'mon' }, body: { day: 'tue' } });
    const { agreed, differences, platforms } = await everyPlatform(fn, fake as never);
    expect(differences).toEqual([]);
    expect(agreed).toMatchObject({ status: 200, body: 'done' });
    expect(seen).toHaveLength(2 * Object.values(platforms).filter(({ supported }) => supported).length);
    for (const one of seen) expect(one).toEqual([{ day: { text: 'mon' } }, { day: { text: 'tue' } }]);
  });
});
