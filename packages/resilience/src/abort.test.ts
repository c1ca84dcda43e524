import { type AnyEvent, type Context, defineFunction, type Next, queue } from '@tradewind/core';
import { fakeMessage, invoke, virtualClock } from '@tradewind/core/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type BreakerStore,
  bulkhead,
  circuitBreaker,
  compose,
  constant,
  fallback,
  hedge,
  memoryBreakerStore,
  type Policy,
  resilience,
  resilientFetch,
  retry,
  standard,
  timeout,
} from './index.js';

const never = () => new Promise<never>(() => {});
const store = memoryBreakerStore();

const POLICIES: readonly [string, () => Policy<unknown>][] = [
  ['retry', () => retry()],
  ['timeout', () => timeout(60_000)],
  ['fallback', () => fallback(() => 'other')],
  ['bulkhead', () => bulkhead({ concurrency: 1, queue: 1 })],
  ['hedge', () => hedge({ after: 60_000, idempotent: true })],
  ['hedge at once', () => hedge({ after: 0, idempotent: true })],
  ['circuitBreaker', () => circuitBreaker({ name: 'x', failures: 1 })],
  ['a shared circuitBreaker', () => circuitBreaker({ name: 'x', window: { ms: 1_000 }, store })],
  ['standard', () => standard({ name: 'x' })],
  ['an empty compose', () => compose()],
  [
    'compose',
    () =>
      compose(
        fallback(() => 'other'),
        retry(),
        bulkhead({ concurrency: 1 }),
        timeout(60_000),
      ),
  ],
];

describe.each(POLICIES)('%s', (_name, policyOf) => {
  const reason = new Error('gone');

  test('ends if its operation aborts the signal before its first await', async () => {
    const controller = new AbortController();
    const abort = () => {
      controller.abort(reason);
      return never();
    };
    await expect(policyOf()(abort, controller.signal)).rejects.toBe(reason);
  });

  test('ends if the caller aborts right after the call', async () => {
    const controller = new AbortController();
    const called = policyOf()(never, { signal: controller.signal });
    controller.abort(reason);
    await expect(called).rejects.toBe(reason);
  });

  test('does not call the operation if the signal has aborted', async () => {
    const operation = vi.fn(never);
    await expect(policyOf()(operation, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(operation).not.toHaveBeenCalled();
  });

  test('ends if an inner policy is called with a signal that an outer operation aborts', async () => {
    const controller = new AbortController();
    const inner = policyOf();
    const abort = () => {
      controller.abort(reason);
      return never();
    };
    await expect(inner(({ signal }) => retry()(abort, signal), controller.signal)).rejects.toBe(reason);
  });

  test('leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    const [added, removed] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
    expect(await policyOf()(() => 1, signal)).toBe(1);
    await policyOf()(() => Promise.reject(new Error('down')), { signal, deadline: Date.now() + 1 }).catch(() => {});
    expect(removed.mock.calls.length).toBeGreaterThanOrEqual(added.mock.calls.length);
  });
});

describe('a bulkhead is free again', () => {
  const reason = new Error('gone');
  test.each([
    ['before the first await', true],
    ['later', false],
  ])('if its operation ignores a signal that aborts %s', async (_when, isAtOnce) => {
    const policy = bulkhead({ concurrency: 1 });
    const controller = new AbortController();
    const called = policy(() => {
      if (isAtOnce) controller.abort(reason);
      return never();
    }, controller.signal);
    controller.abort(reason);
    await expect(called).rejects.toBe(reason);
    expect(await policy(() => 1)).toBe(1);
  });

  test('if the time of its function is over', async () => {
    const clock = virtualClock();
    const policy = bulkhead({ concurrency: 1 });
    const fn = defineFunction('f', queue({ queue: 'q' })).handle((_event, context) => policy(never, context));
    const ended = invoke(fn, fakeMessage(1), { clock, deadline: 1_000 }).catch((error) => error);
    await clock.advance(1_000);
    expect(await ended).toMatchObject({ code: 'timeout' });
    expect(await policy(() => 1)).toBe(1);
  });

  test('if a timeout around it is over', async () => {
    const clock = virtualClock();
    const inner = bulkhead({ concurrency: 1 });
    const called = compose(timeout(1_000), inner)(never, { clock }).catch((error) => error);
    await clock.advance(1_000);
    expect(await called).toMatchObject({ code: 'timeout' });
    expect(await inner(() => 1)).toBe(1);
  });

  test('and calls nobody who left in the turn in which it was freed', async () => {
    const policy = bulkhead({ concurrency: 1, queue: 1 });
    let end = (): void => {};
    const first = policy(() => new Promise<void>((resolve) => (end = resolve)));
    const controller = new AbortController();
    const operation = vi.fn(never);
    const second = policy(operation, controller.signal).catch((error) => error);
    end();
    await first;
    controller.abort(reason);
    expect(await second).toBe(reason);
    expect(await policy(() => 1)).toBe(1);
  });
});

test('an abort by `when` or by a backoff ends the retries', async () => {
  for (const at of ['when', 'backoff'] as const) {
    const controller = new AbortController();
    const stop = <T>(value: T) => {
      controller.abort(new Error('gone'));
      return value;
    };
    const policy = at === 'when' ? retry({ when: () => stop(true) }) : retry({ backoff: () => stop(0) });
    const operation = vi.fn(() => Promise.reject(new Error('down')));
    await expect(policy(operation, controller.signal)).rejects.toThrow('gone');
    expect(operation).toHaveBeenCalledTimes(1);
  }
});

test('the layer ends if an inner layer aborts the signal at once', async () => {
  const controller = new AbortController();
  const fn = defineFunction('f', queue({ queue: 'q' }))
    .use(((_event: AnyEvent, _context: Context, next: Next) => next({ signal: controller.signal })) as never)
    .use(resilience(retry({ backoff: constant(0) })))
    .handle(() => {
      controller.abort(new Error('gone'));
      return never();
    });
  await expect(invoke(fn, fakeMessage(1))).rejects.toThrow('gone');
});

describe('resilientFetch', () => {
  const real = globalThis.fetch;
  afterEach(() => {
    globalThis.fetch = real;
  });

  test.each<[string, (signal: AbortSignal) => Parameters<ReturnType<typeof resilientFetch>>]>([
    ['its own signal', (signal) => ['http://localhost/', { signal }]],
    ['the signal of a request', (signal) => [new Request('http://localhost/', { signal })]],
    ['the signal of its context', (signal) => ['http://localhost/', {}, { signal } as unknown as Context]],
  ])('ends if %s aborts while fetch is called', async (_name, args) => {
    const controller = new AbortController();
    globalThis.fetch = () => {
      controller.abort(new Error('gone'));
      return never();
    };
    await expect(resilientFetch(retry())(...args(controller.signal))).rejects.toThrow('gone');
  });
});

describe('nothing is called for a caller who has left meanwhile', () => {
  test.each([
    ['a signal', 'signal'],
    ['a deadline', 'deadline'],
  ])('by a shared circuit that waited for its store, with %s', async (_what, by) => {
    const clock = virtualClock(1_000_000);
    const inner = memoryBreakerStore({ clock });
    const slow: BreakerStore = { exchange: (...args) => clock.sleep(100).then(() => inner.exchange(...args)) };
    const window = { ms: 60_000, minimum: 1 };
    const policy = circuitBreaker({ name: 'pay', window, openFor: 1_000, store: slow });
    const after = async (ms: number, called: Promise<unknown>) => {
      const ended = called.catch((error) => error);
      await clock.advance(ms);
      return ended;
    };
    await after(
      500,
      policy(() => Promise.reject(new Error('down')), { clock }),
    );
    expect(policy.state).toBe('open');
    await clock.advance(1_000);
    // This call would be the probe.
    const controller = new AbortController();
    const operation = vi.fn(never);
    const place = by === 'signal' ? { signal: controller.signal } : { deadline: clock.now() + 50 };
    const called = policy(operation, { clock, ...place }).catch((error) => error);
    await clock.advance(50);
    controller.abort(new Error('gone'));
    await clock.advance(200);
    expect(await called).toMatchObject(by === 'signal' ? { message: 'gone' } : { code: 'timeout' });
    expect(operation).not.toHaveBeenCalled();
    // Its place is free at once, not after `openFor`.
    expect(
      await after(
        300,
        policy(() => 'up', { clock }),
      ),
    ).toBe('up');
  });

  test('by a hedge whose function has no time left', async () => {
    const clock = virtualClock();
    const operation = vi.fn(never);
    const policy = hedge({ after: 950, idempotent: true });
    const fn = defineFunction('f', queue({ queue: 'q' })).handle((_event, context) => policy(operation, context));
    const ended = invoke(fn, fakeMessage(1), { clock, deadline: 1_000 }).catch((error) => error);
    await clock.advance(2_000);
    void ended;
    expect(operation).toHaveBeenCalledTimes(1);
  });
});
