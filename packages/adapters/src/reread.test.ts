/** A layer may leave a body that it began to read. */
import { beforeParsing, defineFunction, type HttpEvent, http } from '@tradewind/core';
import { fakeHttp } from '@tradewind/core/testing';
import { describe, expect, test } from 'vitest';
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
