import { type AnyFunction, defineFunction, http, queue } from '@tradewind/core';
import { expect, test } from 'vitest';
import { onAzure } from '../testing/azure.js';
import { cloudflare, type WorkersHandlers } from './index.js';

const context = { waitUntil() {} };

test.each([{}, { timeout: 60_000 }])('a client that leaves aborts both signals: %j', async (options) => {
  const seen: unknown[] = [];
  const fn = defineFunction('f', http({ method: 'GET', path: '/', ...options })).handle(({ request }, ctx) => {
    client.abort('left');
    seen.push(ctx.signal.aborted, ctx.signal.reason, request.signal.aborted);
    const again = ctx.signal;
    seen.push(again === ctx.signal);
  });
  const client = new AbortController();
  await cloudflare(fn).fetch(new Request('https://a.example/', { signal: client.signal }), {}, context);
  expect(seen).toEqual([true, 'left', true, true]);
});

test('a batch has no client', async () => {
  let signal: AbortSignal | undefined;
  const fn = defineFunction('f', queue({ queue: 'q' })).handle((_event, ctx) => void ({ signal } = ctx));
  const message = { id: '1', timestamp: new Date(0), body: 1, attempts: 1, ack() {}, retry() {} };
  await cloudflare(fn).queue({ queue: 'q', messages: [message], ackAll() {}, retryAll() {} } as never, {}, context);
  expect(signal?.aborted).toBe(false);
});

test.each<[string, (fn: AnyFunction, request: Request) => Promise<{ status: number }>]>([
  ['Workers', (fn, request) => (cloudflare(fn as never) as WorkersHandlers['http']).fetch(request, {}, context)],
  ['Azure', (fn, request) => onAzure(fn)(request) as Promise<{ status: number }>],
])('a body that is cut off is no failure of the function on %s', async (platform, send) => {
  const errors: unknown[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (line: string) => void errors.push(line) };
  const fn = defineFunction
    .logger(log)('f', http({ method: 'POST', path: '/' }))
    .handle(() => 'handled');
  const body = new ReadableStream({ pull: (to) => to.error(new Error('connection lost')) });
  const path = platform === 'Azure' ? '/api/' : '/';
  const request = new Request(`https://a.example${path}`, { method: 'POST', body, duplex: 'half' } as RequestInit);
  expect((await send(fn, request)).status).toBe(400);
  expect(errors).toEqual([]);
});
