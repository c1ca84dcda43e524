import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RedisServers, redis } from '../../../../test/servers/redis.ts';
import type { BreakerReport, BreakerRules } from '../circuit/store.js';
import { circuitBreaker } from '../index.js';
import { redisBreakerStore } from './index.js';

let servers: RedisServers;
let client: Redis;
beforeAll(async () => {
  const started = await redis();
  servers = started.servers;
  client = new Redis({ port: started.server.port });
}, 60_000);
afterAll(async () => {
  client.disconnect();
  await servers[Symbol.asyncDispose]();
});

const OPEN_FOR = 60;
/** Longer than `openFor`. */
const TAKES = 150;
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
let names = 0;

test.each([
  ['one caller at a time', 1],
  ['many callers', 5],
])('a circuit in Redis closes if the service needs longer than `openFor`, with %s', async (_name, callers) => {
  const store = redisBreakerStore(client);
  const options = {
    name: `slow-${names++}`,
    window: { ms: 60_000, minimum: 1 },
    openFor: OPEN_FOR,
    refresh: 10,
    store,
  };
  const policies = [circuitBreaker(options), circuitBreaker(options)];
  for (const policy of policies) await policy(() => Promise.reject(new Error('down'))).catch(() => {});
  await sleep(OPEN_FOR * 2);
  const [first] = policies;
  const call = async (at: number) => policies[at % 2]?.(() => sleep(TAKES)).catch(() => sleep(20));
  const end = Date.now() + 10_000;
  while (first?.state !== 'closed' && Date.now() < end) {
    await Promise.all(Array.from({ length: callers }, (_, at) => call(at)));
  }
  expect(first?.state).toBe('closed');
});

test('a success counts after its lease, once, in its own generation; a failure does not', async () => {
  const store = redisBreakerStore(client);
  const rules: BreakerRules = { window: 60_000, failureRate: 0.5, minimum: 1, quorum: 0, openFor: 1, probes: 2 };
  const name = `late-${names++}`;
  const told = (generation: number, more: Partial<BreakerReport>) =>
    store.exchange(name, { instance: 'a', generation, calls: 0, failures: 0, ...more }, rules);
  const { generation } = await told(0, { calls: 1, failures: 1 });
  await sleep(10);
  expect(await told(generation, { ask: 'p' })).toMatchObject({ isOpen: true, granted: true });
  await sleep(10);
  expect(await told(generation, { ended: { id: 'x', end: 'failure' } })).toMatchObject({ isOpen: true, generation });
  for (let time = 0; time < 2; time++) {
    expect(await told(generation, { ended: { id: 'p', end: 'success' } })).toMatchObject({ isOpen: true, generation });
  }
  expect(await told(generation - 1, { ended: { id: 'q', end: 'success' } })).toMatchObject({
    isOpen: true,
    generation,
  });
  expect(await told(generation, { ended: { id: 'q', end: 'success' } })).toMatchObject({ isOpen: false });
});
