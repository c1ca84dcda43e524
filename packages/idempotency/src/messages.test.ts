import { defineFunction, queue, reject, reply, retryLater } from '@tradewind/core';
import { deliver, deliverBatch, fakeBatch, fakeMessage, invoke, virtualClock } from '@tradewind/core/testing';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { idempotency, type MessageIdempotencyOptions, memoryStore } from './index.js';

const orders = queue({ queue: 'orders', data: z.unknown() });
const message = (id: string, data: unknown = { orderId: id }) => fakeMessage(data, { id });

function counting(handler: (attempt: number) => unknown, options: Partial<MessageIdempotencyOptions> = {}) {
  const runs = vi.fn(handler);
  const fn = defineFunction('charge', orders)
    .use(idempotency({ store: memoryStore(), ...options }))
    .handle(async (_event, context) => {
      await runs(context.idempotency.attempt);
    });
  return { fn, runs };
}

function cyclic(): unknown {
  const value: { self?: unknown } = {};
  value.self = value;
  return value;
}

/** The digest of a message's default key. */
async function keyOf(id: string): Promise<string> {
  const { messages } = message(id);
  const text = JSON.stringify(['charge', messages[0]?.source, id]);
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Buffer.from(bytes).toString('base64url');
}

test('a handler that hangs keeps the key no longer than its lease, in the same process too', async () => {
  const clock = virtualClock(1);
  const { runs, fn } = counting((attempt) => (attempt === 1 ? new Promise(() => {}) : undefined), {
    store: memoryStore({ clock }),
  });
  const deadline = (): number => clock.now() + 2_000;
  const first = deliver(fn, message('m'), { clock, deadline: deadline() });
  await vi.waitFor(() => expect(runs).toHaveBeenCalledTimes(1));
  const twin = deliver(fn, message('m'), { clock, deadline: deadline() });
  await clock.advance(2_000);
  expect([await first, await twin]).toMatchObject([{ outcome: 'retry' }, { done: false }]);
  await clock.advance(1_000);
  expect(await deliver(fn, message('m'), { clock, deadline: deadline() })).toMatchObject({ outcome: 'ack' });
  expect(runs.mock.calls).toEqual([[1], [2]]);
});

test('a redelivered message is acked, and handled once', async () => {
  const { fn, runs } = counting(() => undefined);
  expect(await deliver(fn, message('m'))).toMatchObject({ outcome: 'ack' });
  expect(await deliver(fn, message('m'))).toMatchObject({ outcome: 'ack' });
  await deliver(fn, message('n'));
  expect(runs).toHaveBeenCalledTimes(2);
});

test.each([
  ['an error', () => new Error('not done')],
  ['a list of promises', () => [Promise.reject(new Error('not done'))]],
])('a handler that returned %s has failed, and runs again', async (_, value) => {
  const runs = vi.fn();
  const fn = defineFunction('charge', orders)
    .use(idempotency({ store: memoryStore() }))
    .handle(async () => {
      runs();
      return value() as never;
    });
  for (let delivery = 0; delivery < 2; delivery++) {
    expect(await deliver(fn, message('m'))).toMatchObject({ outcome: 'retry', done: false });
  }
  expect(runs).toHaveBeenCalledTimes(2);
});

test('a handler that hangs with a renewed lease keeps the key no longer than its deadline plus the lease', async () => {
  const clock = virtualClock(1);
  const { runs, fn } = counting((attempt) => (attempt === 1 ? new Promise(() => {}) : undefined), {
    store: memoryStore({ clock }),
    lease: 300,
  });
  const deadline = (): number => clock.now() + 2_000;
  const first = deliver(fn, message('m'), { clock, deadline: deadline() });
  await vi.waitFor(() => expect(runs).toHaveBeenCalledTimes(1));
  await clock.advance(5_000);
  expect(await first).toMatchObject({ outcome: 'retry' });
  expect(await deliver(fn, message('m'), { clock, deadline: deadline() })).toMatchObject({ outcome: 'ack' });
  expect(runs.mock.calls).toEqual([[1], [2]]);
});

test('a handler that returned undefined does not run again; a value is replayed', async () => {
  const runs = vi.fn();
  for (const value of [undefined, null, 0, { a: 1 }]) {
    const fn = defineFunction('f', orders)
      .use(idempotency({ store: memoryStore() }))
      .handle(() => {
        runs();
        return value;
      });
    await invoke(fn, message('m'));
    expect(await invoke(fn, message('m'))).toEqual(value);
  }
  expect(runs).toHaveBeenCalledTimes(4);
});

test.each([
  ['a cycle', cyclic],
  ['a BigInt', () => 1n],
  ['10 MB', () => 'x'.repeat(10_000_000)],
])('a message whose handler returned %s is done all the same', async (_name, make) => {
  const runs = vi.fn(make as () => unknown);
  const fn = defineFunction('f', orders)
    .use(idempotency({ store: memoryStore() }))
    .handle(() => runs());
  await invoke(fn, message('m'));
  expect(await invoke(fn, message('m'))).toBeUndefined();
  expect(runs).toHaveBeenCalledTimes(1);
});

test.each([
  ['an error', () => new Error('x'), 'retry'],
  ['retryLater', () => retryLater({ after: 1_000 }), 'retryLater'],
  ['reject', () => reject('Poison.'), 'reject'],
])('%s is not stored: the next delivery is the next try', async (_name, error, outcome) => {
  const { fn, runs } = counting((attempt) => {
    if (attempt === 1) throw error();
  });
  expect(await deliver(fn, message('m'))).toMatchObject({ outcome });
  expect(await deliver(fn, message('m'))).toMatchObject({ outcome: 'ack' });
  expect(runs).toHaveBeenCalledTimes(2);
});

describe('I7: a message that another instance is processing', () => {
  test('is redelivered after its lease, and never acked', async () => {
    const store = memoryStore();
    await store.claim(await keyOf('m'), { owner: 'other', fingerprint: '', lease: 60_000, retain: 60_000 });
    const { fn, runs } = counting(() => undefined, { store });
    const { outcome, done, after } = await deliver(fn, message('m'));
    expect({ outcome, done }).toEqual({ outcome: 'retryLater', done: false });
    expect(after).toBeGreaterThan(50_000);
    expect(runs).not.toHaveBeenCalled();
  });

  test('is handled once its owner is dead', async () => {
    const store = memoryStore();
    await store.claim(await keyOf('m'), { owner: 'dead', fingerprint: '', lease: 0, retain: 60_000 });
    const { fn, runs } = counting(() => undefined, { store });
    expect(await deliver(fn, message('m'))).toMatchObject({ outcome: 'ack' });
    expect(runs).toHaveBeenCalledWith(2);
  });

  test('becomes a dead letter if a takeover is refused', async () => {
    const store = memoryStore();
    await store.claim(await keyOf('m'), { owner: 'dead', fingerprint: '', lease: 0, retain: 60_000 });
    const { fn } = counting(() => undefined, { store, onTakeover: 'refuse' });
    for (let times = 0; times < 2; times++)
      expect(await deliver(fn, message('m'))).toMatchObject({ outcome: 'reject' });
  });

  test('is recovered if a function finds that it was done', async () => {
    const store = memoryStore();
    await store.claim(await keyOf('m'), { owner: 'dead', fingerprint: '', lease: 0, retain: 60_000 });
    const { fn, runs } = counting(() => undefined, { store, onTakeover: () => reply(undefined) });
    expect(await deliver(fn, message('m'))).toMatchObject({ outcome: 'ack' });
    expect(runs).not.toHaveBeenCalled();
  });
});

describe('a custom key', () => {
  const keyed = { key: ({ data }: { data: unknown }) => (data as { orderId: string }).orderId };

  test('makes two messages with the same work be handled once', async () => {
    const { fn, runs } = counting(() => undefined, keyed as never);
    await deliver(fn, message('m', { orderId: 'o', qty: 1 }));
    expect(await deliver(fn, message('n', { qty: 1, orderId: 'o' }))).toMatchObject({ outcome: 'ack' });
    expect(runs).toHaveBeenCalledTimes(1);
  });

  test('with other data makes a dead letter, and is not silently acked', async () => {
    const { fn } = counting(() => undefined, keyed as never);
    await deliver(fn, message('m', { orderId: 'o', qty: 1 }));
    expect(await deliver(fn, message('n', { orderId: 'o', qty: 2 }))).toMatchObject({ outcome: 'reject', done: false });
  });

  test('is compared with the data as it arrived, before a schema adds random values', async () => {
    const data = z.object({ orderId: z.string(), at: z.string().default(() => crypto.randomUUID()) });
    for (const trigger of [queue({ queue: 'q', data })]) {
      const fn = defineFunction('f', trigger)
        .use(idempotency({ store: memoryStore(), key: (event) => event.data.orderId }))
        .handle(() => undefined);
      await deliver(fn, fakeMessage({ orderId: 'o' }));
      expect(await deliver(fn, fakeMessage({ orderId: 'o' }))).toMatchObject({ outcome: 'ack' });
    }
  });

  test('that is invalid fails the delivery', async () => {
    const { fn } = counting(() => undefined, { key: () => undefined as never });
    expect(await deliver(fn, message('m'))).toMatchObject({ outcome: 'retry', done: false });
  });
});

describe('a batch', () => {
  const batchOf = (...ids: string[]) => fakeBatch(ids.map((id) => ({ orderId: id })));

  test('passes on the new messages, and each one ends on its own', async () => {
    const handed: string[][] = [];
    const fn = defineFunction('index', queue({ queue: 'pages', data: z.object({ orderId: z.string() }) }).batch())
      .use(idempotency({ store: memoryStore(), key: ({ data }) => data.orderId }))
      .handle(({ messages }, { idempotency }) => {
        expect(idempotency).toHaveLength(messages.length);
        handed.push(messages.map(({ data }) => data.orderId));
        return Promise.allSettled(
          messages.map(async ({ data }, index) => {
            if (data.orderId === 'bad' && idempotency[index]?.attempt === 1) throw new Error('Not now.');
          }),
        );
      });
    const outcomes = async (...ids: string[]) =>
      (await deliverBatch(fn, batchOf(...ids))).map(({ outcome }) => outcome);
    expect(await outcomes('a', 'bad', 'a', 'b')).toEqual(['ack', 'retry', 'retryLater', 'ack']);
    expect(await outcomes('a', 'bad', 'c')).toEqual(['ack', 'ack', 'ack']);
    expect(await outcomes('a', 'bad', 'c')).toEqual(['ack', 'ack', 'ack']);
    expect(handed).toEqual([
      ['a', 'bad', 'b'],
      ['bad', 'c'],
    ]);
  });

  test('that throws, or does not return a list, is redelivered as a whole', async () => {
    for (const end of [
      () => {
        throw new Error('x');
      },
      () => [{ status: 'fulfilled' }],
    ]) {
      const fn = defineFunction('index', queue({ queue: 'pages' }).batch())
        .use(idempotency({ store: memoryStore() }))
        .handle(end as never);
      const settled = await deliverBatch(fn, batchOf('a', 'b') as never);
      expect(settled.map(({ outcome }) => outcome)).toEqual(['retry', 'retry']);
    }
  });
});
