import { defineFunction, FunctionError, queue } from '@tradewind/core';
import { deliver, fakeMessage, virtualClock } from '@tradewind/core/testing';
import { describe, expect, test, vi } from 'vitest';
import { type IdempotentOptions, idempotent, memoryStore } from './index.js';

interface Order {
  readonly id: string;
  readonly cents: number;
}
const order: Order = { id: 'o-1', cents: 500 };

/** The same function in two processes. */
function twice(fn: (order: Order) => unknown, options: Partial<IdempotentOptions<Order>> = {}) {
  const run = vi.fn(fn);
  const all = { name: 'charge', store: memoryStore(), key: ({ id }: Order) => id, ...options };
  return { run, here: idempotent(run, all), there: idempotent(run, all) };
}

test('runs once per key, and duplicates get its value, in this process and in others', async () => {
  const { run, here, there } = twice(({ cents }) => ({ chargeId: `c-${cents}` }));
  expect(await here(order)).toEqual({ chargeId: 'c-500' });
  expect(await there(order)).toEqual({ chargeId: 'c-500' });
  expect(await here({ ...order, id: 'o-2' })).toEqual({ chargeId: 'c-500' });
  expect(run).toHaveBeenCalledTimes(2);
});

test('gets its key, which is the same for every try, its fence and its claim', async () => {
  const seen: unknown[] = [];
  const store = memoryStore();
  const charge = idempotent(
    ({ id }: Order, { key, fence, attempt, claim, signal }) => {
      seen.push({ key, attempt, claim, isAborted: signal.aborted, isFenced: fence > 0 });
      if (attempt === 1) throw new Error('down');
      return id;
    },
    { name: 'charge', store, key: ({ id }) => id },
  );
  await expect(charge(order)).rejects.toThrow('down');
  expect(await charge(order)).toBe('o-1');
  const [{ key }] = seen as [{ key: string }];
  expect(key).toMatch(/^[\w-]{43}$/);
  const rest = { key, isAborted: false, isFenced: true };
  expect(seen).toEqual([
    { ...rest, attempt: 1, claim: 'first' },
    { ...rest, attempt: 2, claim: 'retry' },
  ]);
});

test('a hundred concurrent calls make one run, with one claim and one completion', async () => {
  const store = memoryStore();
  const claim = vi.spyOn(store, 'claim');
  const { run, here } = twice(async ({ id }) => id, { store });
  expect(new Set(await Promise.all(Array.from({ length: 100 }, () => here(order))))).toEqual(new Set(['o-1']));
  expect(run).toHaveBeenCalledTimes(1);
  expect(claim).toHaveBeenCalledTimes(1);
});

describe('a call that finds', () => {
  const hanging = () => new Promise<never>(() => {});

  test('another call running elsewhere fails with a retryable conflict', async () => {
    const { here, there } = twice(hanging);
    void here(order);
    await vi.waitFor(() =>
      expect(there(order)).rejects.toMatchObject({
        code: 'conflict',
        retryable: true,
        message: "'charge' is already running for this key.",
      }),
    );
  });

  test('another call running may wait for it', async () => {
    let end = (_value: string): void => {};
    const { here, there } = twice(() => new Promise((resolve) => (end = resolve)), { wait: 10_000 });
    const first = here(order);
    const second = there(order);
    await new Promise((resolve) => setTimeout(resolve, 20));
    end('done');
    expect(await Promise.all([first, second])).toEqual(['done', 'done']);
  });

  test('another input for its key fails, and `fingerprint` chooses what is compared', async () => {
    const { here, there } = twice(() => 1);
    await here(order);
    for (const call of [here, there]) {
      await expect(call({ ...order, cents: 600 })).rejects.toMatchObject({
        code: 'unprocessable_content',
        message: "'charge' was called for this key with another input before.",
      });
    }
    for (const fingerprint of [false, ({ id }: Order) => id] as const) {
      const some = twice(() => 2, { fingerprint });
      await some.here(order);
      expect(await some.there({ ...order, cents: 600 })).toBe(2);
    }
  });

  test('an owner that died takes over, or is refused', async () => {
    const clock = virtualClock(1);
    const store = memoryStore({ clock });
    const { here, run } = twice(hanging, { store });
    void here(order);
    await vi.waitFor(() => expect(run).toHaveBeenCalled());
    // Its process is gone and does not renew the lease.
    await clock.advance(31_000);
    const refusing = twice(() => 1, { store, onTakeover: 'refuse' });
    await expect(refusing.here(order)).rejects.toThrow("An earlier run of 'charge' for this key was interrupted");
    await expect(refusing.there(order)).rejects.toMatchObject({ code: 'conflict', retryable: false });
    expect(refusing.run).not.toHaveBeenCalled();
  });
});

describe('an error', () => {
  test('is stored if no retry would change it', async () => {
    const { run, here, there } = twice(() => {
      throw new FunctionError('gone', 'The card is closed.');
    });
    for (const call of [here, there, here]) {
      await expect(call(order)).rejects.toMatchObject({ code: 'gone', message: 'The card is closed.' });
    }
    expect(run).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['an error', new Error('x')],
    ['what may be tried again', new FunctionError('unavailable')],
    ['nothing', undefined],
  ])('frees the key if it is %s', async (_name, thrown) => {
    const { run, here, there } = twice(() => {
      throw thrown;
    });
    for (const call of [here, there]) expect(await call(order).catch((error) => error)).toBe(thrown);
    expect(run).toHaveBeenCalledTimes(2);
  });
});

test.each([
  ['too large', () => 'x'.repeat(2_000_000)],
  [
    'cyclic',
    () => {
      const value: Record<string, unknown> = {};
      value.self = value;
      return value;
    },
  ],
  ['a BigInt', () => 1n],
])('a value that is %s is returned once, and duplicates learn that the function ran', async (_name, give) => {
  const { run, here, there } = twice(give);
  expect(await here(order)).toEqual(give());
  await expect(there(order)).rejects.toThrow("'charge' has run for this key, but its value was not stored.");
  expect(run).toHaveBeenCalledTimes(1);
});

test('undefined is a value', async () => {
  const { run, here, there } = twice(() => undefined);
  expect([await here(order), await there(order)]).toEqual([undefined, undefined]);
  expect(run).toHaveBeenCalledTimes(1);
});

test('the key and the fingerprint are made before the function modifies its input', async () => {
  const input = { id: 'o-1', cents: 1 };
  const { here, there } = twice((given) => {
    (given as { cents: number }).cents = 2;
    return 1;
  });
  await here(input);
  expect(await there({ id: 'o-1', cents: 1 })).toBe(1);
});

test('a store that is down fails closed, or open with `failOpen`', async () => {
  const down = { ...memoryStore(), claim: () => Promise.reject(new Error('down')), release: () => false };
  await expect(twice(() => 1, { store: down }).here(order)).rejects.toMatchObject({ code: 'unavailable' });
  const open = twice((_order) => 1, { store: down, failOpen: true });
  expect(await open.here(order)).toBe(1);
});

test('in a handler it uses the context’s signal and deadline', async () => {
  const lease = vi.fn();
  const store = memoryStore();
  const { claim } = store;
  store.claim = (key, wanted) => {
    lease(wanted.lease);
    return claim.call(store, key, wanted);
  };
  let signal: AbortSignal | undefined;
  const charge = idempotent(
    (_order: Order, idempotency) => {
      signal = idempotency.signal;
    },
    { name: 'charge', store, key: ({ id }) => id },
  );
  const fn = defineFunction('f', queue({ queue: 'q', timeout: 5_000 })).handle(async (_event, context) => {
    await charge(order, context);
    expect(signal).toBe(context.signal);
  });
  expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome: 'ack' });
  expect(lease.mock.calls[0]?.[0]).toBeGreaterThan(5_000);
  expect(lease.mock.calls[0]?.[0]).toBeLessThanOrEqual(6_000);
});

test.each([
  ['no function', [undefined, {}], 'idempotent(...): `fn` must be a function'],
  ['no options', [() => 1], 'idempotent(...): the options must be an object; got undefined.'],
  [
    'a misspelt option',
    [() => 1, { name: 'f', key: () => 'k', store: {}, retenton: 1 }],
    "idempotent(...): unknown option 'retenton'",
  ],
  [
    'no store',
    [() => 1, { name: 'f', key: () => 'k' }],
    'The idempotency `store` must be a store such as redisStore(...), or a function of the context that returns one; got undefined.',
  ],
  ['no name', [() => 1, { store: memoryStore(), key: () => 'k' }], 'idempotent(...): `name` must be a string'],
  ['no key', [() => 1, { store: memoryStore(), name: 'f' }], 'idempotent(...): `key` must be a function'],
  [
    'an empty name',
    [() => 1, { store: memoryStore(), name: '', key: () => 'k' }],
    'The `name` of an idempotency key must be a non-empty string',
  ],
  [
    'a lease of 0',
    [() => 1, { store: memoryStore(), name: 'f', key: () => 'k', lease: 0 }],
    '`lease` of an idempotency key',
  ],
])('%s is refused at definition', (_name, given, message) => {
  expect(() => idempotent(...(given as unknown as Parameters<typeof idempotent>))).toThrow(message);
});

test.each([
  ['a Map', new Map([['a', 1]])],
  ['a Set in it', { tags: new Set(['a']) }],
  ['a promise', Promise.resolve(1)],
  ['a function', () => 1],
])('an input that JSON cannot represent has no fingerprint: %s', async (_name, input) => {
  await expect(twice(() => 1, { key: () => 'k' }).here(input as never)).rejects.toThrow(
    'set `fingerprint` to choose what is compared',
  );
});

test('a fingerprint may be a promise, but not undefined', async () => {
  const { here } = twice(() => 1, { fingerprint: async ({ cents }: { cents: number }) => cents });
  await here(order);
  await expect(here({ ...order, cents: order.cents + 1 })).rejects.toMatchObject({ code: 'unprocessable_content' });
  await expect(twice(() => 1, { fingerprint: () => undefined }).here(order)).rejects.toThrow('must not be undefined');
});

test('an empty key is refused', async () => {
  await expect(twice(() => 1, { key: () => '' }).here(order)).rejects.toThrow(
    'must be a non-empty string; got an empty string.',
  );
});
