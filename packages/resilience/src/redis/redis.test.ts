import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type RedisServers, redis } from '../../../../test/servers/redis.ts';
import { type BreakerRecord, exchanged } from '../circuit/exchange.js';
import type { BreakerReport, BreakerRules } from '../circuit/store.js';
import { circuitBreaker, isRefused } from '../index.js';
import { redisBreakerStore } from './index.js';
import { SCRIPT, SHA } from './script.js';

let servers: RedisServers;
let client: Redis;
beforeAll(async () => {
  const started = await redis();
  servers = started.servers;
  client = new Redis({ port: started.server.port });
}, 60_000);
afterAll(async () => {
  client?.disconnect();
  await servers?.[Symbol.asyncDispose]();
});

const RULES: BreakerRules = { window: 60_000, failureRate: 0.5, minimum: 3, quorum: 0.5, openFor: 60_000, probes: 2 };
const report = (more: Partial<BreakerReport> = {}): BreakerReport => ({
  instance: 'a',
  generation: 0,
  calls: 0,
  failures: 0,
  ...more,
});
let names = 0;
const fresh = () => `circuit-${names++}`;

test('the script has the hash that it is called by, and is sent if Redis does not have it', async () => {
  expect(createHash('sha1').update(SCRIPT).digest('hex')).toBe(SHA);
  await client.script('FLUSH');
  const commands = vi.spyOn(client, 'sendCommand');
  const store = redisBreakerStore(client);
  await store.exchange(fresh(), report(), RULES);
  await store.exchange(fresh(), report(), RULES);
  expect(commands.mock.calls.map(([{ name }]) => name)).toEqual(['evalsha', 'eval', 'evalsha']);
  commands.mockRestore();
});

test('1,000 random histories match the function that the memory store uses', { timeout: 120_000 }, async () => {
  const store = redisBreakerStore(client);
  const instance = fc.constantFrom('a', 'b', 'c');
  const step = fc.record({
    instance,
    // Whether it knows the latest generation, none, or an earlier one.
    knows: fc.constantFrom('latest', 'latest', 'none', 'older'),
    isShort: fc.boolean(),
    calls: fc.nat(5),
    failures: fc.nat(5),
    ask: fc.option(fc.constantFrom('p1', 'p2', 'p3'), { nil: undefined }),
    ended: fc.option(
      fc.record({
        id: fc.constantFrom('p1', 'p2', 'p3'),
        end: fc.constantFrom('success', 'failure', 'neither'),
      }),
      { nil: undefined },
    ),
  });
  // The rules set the time: some periods are over at once, others outlast the test.
  const rules = fc.record({
    window: fc.constant(3_600_000),
    failureRate: fc.constantFrom(0.1, 0.5, 1),
    minimum: fc.integer({ min: 1, max: 6 }),
    quorum: fc.constantFrom(0, 0.5, 0.9),
    openFor: fc.constant(3_600_000),
    probes: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), rules, async (steps, base) => {
      const name = fresh();
      let record: BreakerRecord | undefined;
      let known = 0;
      for (const { knows, calls, failures, ask, ended, isShort, ...who } of steps) {
        // With an open time of 0 it is half-open at once, and every lease is over at the next step.
        const own = isShort ? { ...base, openFor: 0 } : base;
        const generation = knows === 'latest' ? known : knows === 'none' ? 0 : Math.max(0, known - 1);
        const said: BreakerReport = {
          ...who,
          generation,
          calls: Math.max(calls, failures),
          failures,
          ...(ask !== undefined && { ask }),
          ...(ended !== undefined && { ended }),
        };
        const came = await store.exchange(name, said, own);
        const now = Date.now();
        // The generation contains the time, which the model is given: relative to it, they are equal.
        const model = exchanged(
          record,
          {
            ...said,
            generation: generation === known && known > 0 ? (record?.generation ?? 0) : generation === 0 ? 0 : 1,
          },
          own,
          now,
        );
        record = model.record;
        known = came.generation;
        expect({ isOpen: came.isOpen, granted: came.granted, waits: came.remaining > 0 }).toEqual({
          isOpen: model.state.isOpen,
          granted: model.state.granted,
          waits: model.state.remaining > 0,
        });
      }
    }),
    { numRuns: 1_000 },
  );
});

test('a circuit opens for another instance, and both make one probe in total', async () => {
  const store = redisBreakerStore(client);
  const name = fresh();
  const options = { name, window: { ms: 10_000, minimum: 4 }, openFor: 300, refresh: 20, store } as const;
  const [one, two] = [circuitBreaker(options), circuitBreaker(options)];
  const down = () => Promise.reject(new Error('down'));
  for (let call = 0; call < 4; call++) {
    await one(down).catch(() => {});
    await two(down).catch(() => {});
  }
  await vi.waitFor(() => expect([one.state, two.state]).toEqual(['open', 'open']));
  await vi.waitFor(async () => expect(await client.hget(`tradewind:circuit:${name}`, 'o')).not.toBe('0'));
  const late = circuitBreaker(options);
  expect(isRefused(await late(() => 1).catch((error) => error))).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 350));
  let calls = 0;
  const slow = async () => {
    calls++;
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await Promise.allSettled([one, two, late].flatMap((policy) => [policy(slow), policy(slow)]));
  expect(calls).toBe(1);
  await vi.waitFor(async () => {
    await Promise.all([one, two, late].map((policy) => policy(() => 1)));
  });
});

test('its key expires when nobody asks any more', async () => {
  const name = fresh();
  await redisBreakerStore(client).exchange(name, report(), { ...RULES, window: 5, openFor: 5 });
  expect(await client.exists(`tradewind:circuit:${name}`)).toBe(1);
  await vi.waitFor(async () => expect(await client.exists(`tradewind:circuit:${name}`)).toBe(0));
});

test('an invalid client and an invalid answer are refused', async () => {
  expect(() => redisBreakerStore(undefined as never)).toThrow(
    "redisBreakerStore(...): `evalsha` of the client (of 'ioredis')",
  );
  const odd = redisBreakerStore({ evalsha: async () => 'OK', eval: async () => 'OK' });
  await expect(odd.exchange('x', report(), RULES)).rejects.toThrow(
    'redisBreakerStore(...): Redis gave an answer that the script does not give.',
  );
});
