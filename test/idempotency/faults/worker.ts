/** A process that does some work once per key, and writes down its store operations and what it did. */
import { writeSync } from 'node:fs';
import { observe } from '@tradewind/core';
import { type ClaimAnswer, type IdempotencyStore, idempotent } from '@tradewind/idempotency';
import { redisStore } from '@tradewind/idempotency/redis';
import { Redis } from 'ioredis';
import type { Line, WorkerOptions } from './history.ts';

const options: WorkerOptions = JSON.parse(process.argv[2] ?? '{}');
const { name, keys, calls, handlerMs, lease, clockOffset, replicas, outcome } = options;

const { now } = Date;
Date.now = () => now() + clockOffset;

/** One clock for all processes of the machine, in ms. */
const at = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;
// Written synchronously, so that the line exists however the process ends.
const write = (line: Line): void => void writeSync(1, `${JSON.stringify(line)}\n`);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const client = new Redis({
  ...options.redis,
  maxRetriesPerRequest: 1,
  commandTimeout: 1_000,
  retryStrategy: () => 20,
  sentinelRetryStrategy: () => 50,
});
client.on('error', () => {});
const store = watched(redisStore(client, replicas ? { replicas: { count: replicas, timeout: 200 } } : {}));

let asked = 0;
/** The store, with every operation and answer written down. */
function watched(inner: IdempotencyStore): IdempotencyStore {
  const record = async <Answer extends ClaimAnswer | boolean>(
    line: Omit<Line & { type: 'asked' }, 'type' | 'id' | 'start'>,
    ask: () => Answer | PromiseLike<Answer>,
  ): Promise<Answer> => {
    const id = `${name}-${asked++}`;
    write({ type: 'asked', id, start: at(), ...line });
    const answer = await ask();
    write({ type: 'answered', id, end: at(), answer });
    return answer;
  };
  return {
    maxValue: inner.maxValue,
    claim: (key, claim) =>
      record({ op: 'claim', key, owner: claim.owner, lease: claim.lease }, () => inner.claim(key, claim)),
    complete: (grant, ended, retain) =>
      record({ op: 'complete', ...grant, outcome: ended }, () => inner.complete(grant, ended, retain)),
    release: (grant) => record({ op: 'release', ...grant }, () => inner.release(grant)),
    extend: (grant, ms) => record({ op: 'extend', ...grant, lease: ms }, () => inner.extend(grant, ms)),
  };
}

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;
const VALUES = { small: '', large: 'x'.repeat(1_000_000), cyclic } as const;

/** Separate for every delivery, as in two processes, so that every call reaches the store. */
const work = (began: (digest: string) => void) =>
  idempotent(
    async (key: string, { fence, key: digest }) => {
      began(digest);
      write({ type: 'began', key, at: at() });
      await sleep(handlerMs * (0.5 + Math.random()));
      if (Math.random() < options.failing) throw new Error('It fails.');
      write({ type: 'did', key, at: at() });
      return outcome === 'cyclic' ? cyclic : { by: `${name}-${fence}`, more: VALUES[outcome] };
    },
    { name: 'work', store, key: (key) => key, lease },
  );

/** The runs whose outcome the store did not get. */
const unstored = new Set<string>();
observe((event) => {
  if (event.type === 'idempotency.key' && event.news === 'unstored') unstored.add(event.key);
});

/** A delivery, until it is acked. */
async function deliver(key: string): Promise<void> {
  let digest = '';
  const run = work((named) => {
    digest = named;
  });
  for (;;) {
    try {
      const value = await run(key);
      if (unstored.has(digest)) return write({ type: 'acked', key });
      write({ type: 'acked', key, value: outcome === 'cyclic' ? 'cyclic' : (value as { by: string }).by });
      return;
    } catch (error) {
      // It ran, but its value could not be stored.
      if (String(error).includes('its value was not kept')) return write({ type: 'acked', key, value: 'cyclic' });
      await sleep(10 + Math.random() * 40);
    }
  }
}

// In a random order, so that the workers meet at some keys and not at others.
for (const key of keys.toSorted(() => Math.random() - 0.5)) {
  await Promise.all(Array.from({ length: calls }, () => deliver(key)));
}
client.disconnect();
