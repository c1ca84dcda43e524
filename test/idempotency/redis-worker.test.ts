import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../hosts/bundle.ts';
import { startWorkers, type WorkersHost } from '../hosts/workers-host.ts';
import { type RedisServer, redis } from '../servers/redis.ts';

let stack: AsyncDisposableStack;
let host: WorkersHost;
let server: RedisServer;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const started = await redis();
  stack.use(started.servers);
  server = started.server;
  host = await startWorkers(
    await bundle('test/idempotency/redis-worker.ts', 'workers'),
    { REDIS_PORT: String(server.port) },
    undefined,
    {},
    ['nodejs_compat'],
  );
  stack.defer(() => host.stop());
}, 60_000);
afterAll(() => stack.disposeAsync());

test('a duplicate gets the response that an earlier request has stored in Redis', async () => {
  const place = async (key: string) => {
    const response = await host.fetch('/orders', { method: 'POST', headers: { 'idempotency-key': `"${key}"` } });
    return [response.status, await response.json(), response.headers.get('idempotency-replayed')];
  };
  expect(await place('order-1')).toEqual([202, { runs: 1 }, null]);
  expect(await place('order-1')).toEqual([202, { runs: 1 }, 'true']);
  expect(await place('order-2')).toEqual([202, { runs: 2 }, null]);
});

test('a circuit that requests share opens in Redis', async () => {
  const openUntil = async () => {
    await host.fetch('/charge');
    return Number(await server.ask('HGET', 'tradewind:circuit:pay', 'o'));
  };
  await expect.poll(openUntil, { timeout: 10_000, interval: 250 }).toBeGreaterThan(Date.now());
  expect((await host.fetch('/charge')).status).toBe(503);
});
