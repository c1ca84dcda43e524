import { defineFunction, http, json, observe, queue } from '@tradewind/core';
import { deliver, fakeHttp, fakeMessage, invoke, type VirtualClock, virtualClock } from '@tradewind/core/testing';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { type IdempotencyNews, type IdempotencyStore, idempotency, idempotent, memoryStore } from './index.js';

const news: IdempotencyNews[] = [];
const stop = observe((event) => {
  if (event.type === 'idempotency.key') news.push(event.news);
});
afterAll(stop);
beforeEach(() => {
  news.length = 0;
});

/** A store that takes some time for each operation, as any other than memory does. */
function remote(clock: VirtualClock, ms: number): IdempotencyStore {
  const inner = memoryStore({ clock });
  const slowly =
    <Args extends unknown[], T>(run: (...args: Args) => T) =>
    async (...args: Args): Promise<Awaited<T>> => {
      await clock.sleep(ms);
      return await run(...args);
    };
  return {
    maxValue: inner.maxValue,
    claim: slowly(inner.claim),
    complete: slowly(inner.complete),
    release: slowly(inner.release),
    extend: slowly(inner.extend),
  };
}

const DEADLINE = 10_000;
/** When the signal aborts and core answers. */
const ABORT_AT = 9_500;
const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
beforeEach(() => log.warn.mockClear());

function placing(store: IdempotencyStore, clock: VirtualClock, endsAt: number, end: () => unknown) {
  return defineFunction
    .logger(log)('place', http({ method: 'POST', path: '/orders' }))
    .use(idempotency({ store, key: () => 'k', scope: 'global' }))
    .handle(async () => {
      await clock.sleep(endsAt - clock.now());
      return end();
    });
}

test.each([
  [ABORT_AT - 250, 5],
  [ABORT_AT - 101, 50],
  [ABORT_AT - 100, 50],
  [ABORT_AT - 99, 50],
  [ABORT_AT - 5, 4],
  [ABORT_AT - 1, 5],
  [ABORT_AT - 1, 400],
  [ABORT_AT, 5],
  [DEADLINE, 5],
  [DEADLINE + 990, 5],
])('an outcome at %i ms is stored and reported as stored, by a store that takes %i ms', async (endsAt, takes) => {
  const clock = virtualClock(0);
  const store = remote(clock, takes);
  const ended = invoke(
    placing(store, clock, endsAt, () => json(201, 'done')),
    fakeHttp(),
    { clock, deadline: DEADLINE },
  );
  await clock.advance(DEADLINE + 2_000);
  await ended;
  expect(news).toEqual(['first']);
  expect(log.warn).not.toHaveBeenCalled();
  const again = invoke(
    placing(store, clock, 0, () => json(500, 'again')),
    fakeHttp(),
    { clock },
  );
  await clock.advance(1_000);
  expect(await again).toMatchObject({ status: 201, headers: { 'idempotency-replayed': 'true' } });
});

test.each([
  [ABORT_AT - 99, 50],
  [ABORT_AT + 10, 5],
])('a failure at %i ms frees the key, by a store that takes %i ms', async (endsAt, takes) => {
  const clock = virtualClock(0);
  const store = remote(clock, takes);
  const failed = placing(store, clock, endsAt, () => {
    throw new Error('down');
  });
  const ended = invoke(failed, fakeHttp(), { clock, deadline: DEADLINE });
  await clock.advance(ABORT_AT + 100);
  expect((await ended).status).toBe(500);
  expect(log.warn).not.toHaveBeenCalled();
  const again = invoke(
    placing(store, clock, 0, () => json(201, 'again')),
    fakeHttp(),
    { clock },
  );
  await clock.advance(200);
  expect((await again).status).toBe(201);
});

test('a message that is handled in the last moment is acked, and its duplicate too', async () => {
  const clock = virtualClock(0);
  const runs = vi.fn();
  const fn = defineFunction('charge', queue({ queue: 'orders' }))
    .use(idempotency({ store: remote(clock, 5) }))
    .handle(async () => {
      runs();
      await clock.sleep(ABORT_AT - 50 - clock.now());
    });
  const message = fakeMessage(1);
  const first = deliver(fn, message, { clock, deadline: DEADLINE });
  await clock.advance(DEADLINE);
  expect(await first).toMatchObject({ done: true });
  const second = deliver(fn, message, { clock });
  await clock.advance(1_000);
  expect(await second).toMatchObject({ done: true });
  expect(runs).toHaveBeenCalledTimes(1);
  expect(news).toEqual(['first', 'replayed']);
});

test('a store that hangs does not hold back a response for which there is time', async () => {
  const clock = virtualClock(0);
  const store = { ...memoryStore({ clock }), complete: () => new Promise<never>(() => {}) };
  const ended = invoke(
    placing(store, clock, ABORT_AT - 3_000, () => json(201, 'done')),
    fakeHttp(),
    {
      clock,
      deadline: DEADLINE,
    },
  );
  await clock.advance(ABORT_AT - 100);
  expect((await ended).status).toBe(201);
  expect(news).toEqual(['first', 'unstored']);
});

test('nor one that is late, beyond the deadline', async () => {
  const clock = virtualClock(0);
  const store = { ...memoryStore({ clock }), complete: () => new Promise<never>(() => {}) };
  const fn = placing(store, clock, ABORT_AT - 10, () => json(201, 'done'));
  const ended = invoke(fn, fakeHttp(), { clock, deadline: DEADLINE });
  await clock.advance(DEADLINE - 100);
  expect((await ended).status).toBe(201);
  expect(news).toEqual(['first', 'unstored']);
});

test.each([20, 50, 100, 200, 400])('a function with %i ms in all has time for the store', async (deadline) => {
  const clock = virtualClock(0);
  const store = remote(clock, 4);
  const fn = placing(store, clock, 5, () => json(201, 'done'));
  const ended = invoke(fn, fakeHttp(), { clock, deadline });
  await clock.advance(deadline);
  expect((await ended).status).toBe(201);
  expect(news).toEqual(['first']);
});

test('a plain function that ends in the last moment stores its value', async () => {
  const clock = virtualClock(0);
  const charge = idempotent(async () => clock.sleep(ABORT_AT - 20 - clock.now()).then(() => 'charged'), {
    name: 'charge',
    store: remote(clock, 5),
    key: () => 'k',
  });
  const fn = defineFunction('f', queue({ queue: 'q' })).handle((_event, context) => charge(1, context));
  const ended = invoke(fn, fakeMessage(1), { clock, deadline: DEADLINE });
  await clock.advance(DEADLINE);
  expect(await ended).toBe('charged');
  expect(news).toEqual(['first']);
});

test('a renewal that a blocked process made too late is still asked for', async () => {
  const clock = virtualClock(0);
  const store = remote(clock, 5);
  const aborted = vi.fn();
  const charge = idempotent(
    async (_input: number, { signal }) => {
      signal.addEventListener('abort', aborted);
      await clock.sleep(60_000);
      return 'charged';
    },
    { name: 'charge', store, key: () => 'k', lease: 3_000 },
  );
  const fn = defineFunction('f', queue({ queue: 'q' })).handle((_event, context) => charge(1, context));
  // The clock jumps, as when a machine sleeps: the timer after 1 s runs after the lease of 3 s.
  let jump = 0;
  const jumping = { now: () => clock.now() + jump, sleep: clock.sleep };
  const ended = invoke(fn, fakeMessage(1), { clock: jumping });
  await clock.advance(900);
  jump = 10_000;
  await clock.advance(70_000);
  expect(await ended).toBe('charged');
  expect(aborted).not.toHaveBeenCalled();
});
