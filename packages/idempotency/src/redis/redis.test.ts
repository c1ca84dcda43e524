import { createHash } from 'node:crypto';
import { Cluster, Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { agreesWithModel } from '../../../../test/idempotency/histories.ts';
import { type RedisServers, redis, redisCluster, redisSentinel } from '../../../../test/servers/redis.ts';
import { conformance } from '../conformance/index.js';
import type { IdempotencyStore } from '../store.js';
import { redisStore } from './index.js';
import { SCRIPT, SHA } from './script.js';

const RUNS = Number(process.env.TRADEWIND_MODEL_RUNS ?? 1_000);
const servers: RedisServers[] = [];
const clients: (Redis | Cluster)[] = [];
const kept = <Client extends Redis | Cluster>(client: Client): Client => {
  // Its errors about a server that is down are expected here.
  client.on('error', () => {});
  clients.push(client);
  return client;
};
afterAll(async () => {
  for (const client of clients) client.disconnect();
  for (const some of servers) await some[Symbol.asyncDispose]();
});

test('the script has the hash that it is called by', () => {
  expect(createHash('sha1').update(SCRIPT).digest('hex')).toBe(SHA);
});

describe('one server', () => {
  let client: Redis;
  let store: IdempotencyStore;
  beforeAll(async () => {
    const { servers: some, server } = await redis();
    servers.push(some);
    client = kept(new Redis({ port: server.port }));
    store = redisStore(client);
  }, 60_000);

  for (const { name, run } of conformance({ store: () => store })) test(name, run);

  test(`${RUNS} random histories match the model`, { timeout: 600_000 }, () => agreesWithModel(store, RUNS));

  test('an operation is one command; a lost script costs one more, once', async () => {
    await client.script('FLUSH');
    const commands = vi.spyOn(client, 'sendCommand');
    const names = (): string[] => commands.mock.calls.splice(0).map(([{ name }]) => name);
    const claim = { owner: 'a', fingerprint: 'f', lease: 1_000, retain: 1_000 };
    await store.claim('counted', claim);
    expect(names()).toEqual(['evalsha', 'eval']);
    await store.claim('counted', claim);
    await store.extend({ key: 'counted', owner: 'a' }, 1_000);
    await store.complete({ key: 'counted', owner: 'a' }, { state: 'completed', value: '{}' }, 1_000);
    await store.release({ key: 'counted', owner: 'a' });
    expect(names()).toEqual(['evalsha', 'evalsha', 'evalsha', 'evalsha']);
    commands.mockRestore();
  });

  test('the commands of one turn are sent in few writes, and none is left behind', async () => {
    const { stream } = client;
    const one = vi.spyOn(stream, '_write');
    const several = vi.spyOn(stream, '_writev');
    const claim = { owner: 'a', fingerprint: 'f', lease: 1_000, retain: 1_000 };
    await Promise.all(Array.from({ length: 40 }, (_, at) => store.claim(`together-${at}`, claim)));
    expect(one.mock.calls.length + several.mock.calls.length).toBeLessThanOrEqual(3);
    expect(stream.writableCorked).toBe(0);
    await store.claim('alone', claim);
    expect(stream.writableCorked).toBe(0);
    one.mockRestore();
    several.mockRestore();
  });

  test('a record expires after its retention', async () => {
    await store.claim('short', { owner: 'a', fingerprint: 'f', lease: 10, retain: 20 });
    expect(await client.exists('tradewind:idempotency:short')).toBe(1);
    await vi.waitFor(async () => expect(await client.exists('tradewind:idempotency:short')).toBe(0));
    await store.claim('for ever', { owner: 'a', fingerprint: 'f', lease: Number.POSITIVE_INFINITY, retain: 0.5 });
    expect(await client.pttl('tradewind:idempotency:for ever')).toBeGreaterThan(3_000_000_000_000);
  });

  test('a record that the store has not written gives an error, and is left alone', async () => {
    const claim = { owner: 'a', fingerprint: 'f', lease: 1_000, retain: 1_000 };
    await client.set('tradewind:idempotency:foreign', 'something else');
    await client.lpush('tradewind:idempotency:list', 'x');
    await expect(store.claim('foreign', claim)).rejects.toThrow(
      'The record in Redis was not written by redisStore(...)',
    );
    await expect(store.complete({ key: 'foreign', owner: 'a' }, { state: 'failed', value: '' }, 1)).rejects.toThrow(
      'The record in Redis was not written by redisStore(...)',
    );
    await expect(store.claim('list', claim)).rejects.toThrow('WRONGTYPE');
    expect(await client.get('tradewind:idempotency:foreign')).toBe('something else');
  });

  test('a prefix keeps two stores apart', async () => {
    const claim = { owner: 'a', fingerprint: 'f', lease: 1_000, retain: 1_000 };
    const other = redisStore(client, { prefix: 'other:' });
    expect(await store.claim('k', claim)).toMatchObject({ state: 'granted' });
    expect(await other.claim('k', { ...claim, owner: 'b' })).toMatchObject({ state: 'granted', attempt: 1 });
  });

  test('a client that returns numbers as strings works', async () => {
    const texts = kept(new Redis({ port: client.options.port as number, stringNumbers: true }));
    for (const { run } of conformance({ store: () => redisStore(texts) }).slice(0, 12)) await run();
  });

  test.each([
    ['nothing', undefined],
    ['nonsense', 'OK'],
    ['a list', []],
    ['another state', ['x', 1]],
    ['a number', 7],
  ])('an answer that is %s is refused', async (_name, answer) => {
    const odd = redisStore({ evalsha: async () => answer, eval: async () => answer });
    const claim = { owner: 'a', fingerprint: 'f', lease: 1_000, retain: 1_000 };
    await expect(odd.claim('k', claim)).rejects.toMatchObject({ code: 'internal' });
    await expect(odd.release({ key: 'k', owner: 'a' })).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('three servers of a cluster', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    const { servers: some, ports } = await redisCluster();
    servers.push(some);
    cluster = kept(new Cluster(ports.map((port) => ({ host: '127.0.0.1', port }))));
  }, 60_000);

  for (const { name, run } of conformance({ store: () => redisStore(cluster) })) test(name, run);
});

describe('a primary with a replica', () => {
  const claim = { owner: 'a', fingerprint: 'f', lease: 60_000, retain: 60_000 };
  let some: Awaited<ReturnType<typeof redisSentinel>>;
  let client: Redis;
  beforeAll(async () => {
    some = await redisSentinel();
    servers.push(some.servers);
    const sentinels = some.sentinels.map((port) => ({ host: '127.0.0.1', port }));
    client = kept(new Redis({ sentinels, name: 'main', sentinelRetryStrategy: () => 100, retryStrategy: () => 100 }));
  }, 60_000);

  for (const { name, run } of conformance({ store: () => redisStore(client, { replicas: { count: 1 } }) }))
    test(name, run);

  test('a claim that reaches too few replicas fails, and is released', async () => {
    const store = redisStore(client, { replicas: { count: 2, timeout: 50 } });
    await expect(store.claim('few', claim)).rejects.toMatchObject({ code: 'unavailable' });
    await vi.waitFor(async () =>
      expect(await redisStore(client).claim('few', { ...claim, owner: 'b' })).toMatchObject({ state: 'granted' }),
    );
  });

  test('a claim is sent together with its WAIT, even if the script was lost', async () => {
    await client.script('FLUSH');
    const commands = vi.spyOn(client, 'sendCommand');
    await redisStore(client, { replicas: { count: 1 } }).claim('together', claim);
    expect(commands.mock.calls.map(([{ name }]) => name)).toEqual(['evalsha', 'wait', 'eval', 'wait']);
    commands.mockRestore();
  });

  test('after a failover the key is still its owner’s', { timeout: 60_000 }, async () => {
    const store = redisStore(client, { replicas: { count: 1 } });
    const grant = await store.claim('failover', claim);
    await some.primary.stop();
    await vi.waitFor(
      async () => {
        expect(await redisStore(client).claim('failover', { ...claim, owner: 'b' })).toMatchObject({
          state: 'in_progress',
        });
      },
      { timeout: 30_000 },
    );
    expect(await redisStore(client).claim('failover', claim)).toEqual(grant);
    // The new primary has no replica yet, so no operation succeeds that needs one.
    const complete = (to: IdempotencyStore) =>
      to.complete({ key: 'failover', owner: 'a' }, { state: 'completed', value: '1' }, 60_000);
    await expect(complete(store)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await complete(redisStore(client))).toBe(true);
  });
});

test('an invalid client is refused', () => {
  expect(() => redisStore(undefined as never)).toThrow("redisStore(...): `evalsha` of the client (of 'ioredis')");
  const client = { evalsha: async () => 1, eval: async () => 1 };
  expect(() => redisStore(client, { replicas: { count: 1 } } as never)).toThrow(
    'redisStore(...) with `replicas`: `wait` of the client',
  );
  expect(() => redisStore({ ...client, wait: async () => 1 }, { replicas: { count: 0 } })).toThrow(
    'redisStore(...): `replicas.count`',
  );
});
