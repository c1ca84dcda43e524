import { type Context, defineFunction, http, queue } from '@tradewind/core';
import { expectTypeOf, test } from 'vitest';
import {
  bulkhead,
  circuitBreaker,
  compose,
  deadLetter,
  fallback,
  hedge,
  isRefused,
  memoryBreakerStore,
  type Policy,
  RefusedError,
  resilience,
  resilientFetch,
  retry,
  standard,
  timeout,
} from './index.js';
import { redisBreakerStore } from './redis/index.js';

test('a policy keeps the type of its operation', () => {
  expectTypeOf(retry()(async () => ({ count: 1 }))).toEqualTypeOf<Promise<{ count: number }>>();
  expectTypeOf(retry()(() => 'sync')).toEqualTypeOf<Promise<string>>();
  expectTypeOf(compose(timeout(2), retry(), timeout(1))(async () => 1)).toEqualTypeOf<Promise<number>>();
  expectTypeOf(compose()(async () => 1)).toEqualTypeOf<Promise<number>>();
  expectTypeOf(standard({ name: 'x' })(async () => 1)).toEqualTypeOf<Promise<number>>();
  expectTypeOf(bulkhead({ concurrency: 1 })).toEqualTypeOf<Policy>();
});

test('the type of a fallback is added, wherever it stands', () => {
  const cached = fallback(async () => 'cached' as const);
  expectTypeOf(cached(async () => 1)).toEqualTypeOf<Promise<number | 'cached'>>();
  expectTypeOf(compose(timeout(1), cached)(async () => 1)).toEqualTypeOf<Promise<number | 'cached'>>();
  expectTypeOf(
    compose(
      compose(cached),
      fallback(() => null),
    )(async () => 1),
  ).toEqualTypeOf<Promise<number | 'cached' | null>>();
  expectTypeOf(resilientFetch(cached)('https://a.example')).toEqualTypeOf<Promise<Response | 'cached'>>();
  expectTypeOf(resilientFetch(retry())('https://a.example')).toEqualTypeOf<Promise<Response>>();
});

test('an operation gets its attempt, its signal and its deadline', () => {
  void retry()(({ attempt, signal, remaining, deadline }) => {
    expectTypeOf(attempt).toEqualTypeOf<number>();
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    expectTypeOf(remaining()).toEqualTypeOf<number>();
    expectTypeOf(deadline).toEqualTypeOf<number>();
  });
});

test('a policy takes a signal, a context, or a clock', () => {
  const policy = retry();
  void policy(() => 1, new AbortController().signal);
  void policy(() => 1, {} as Context);
  void policy(() => 1, { deadline: 1, clock: { now: () => 1, sleep: async () => {} } });
  // @ts-expect-error: a number is no context
  void policy(() => 1, 5_000);
  // @ts-expect-error: a typo
  void policy(() => 1, { deadlin: 1 });
});

test('options that make no sense do not compile', () => {
  // @ts-expect-error: idempotent is missing
  hedge({ after: 1 });
  // @ts-expect-error: idempotent must be true
  hedge({ after: 1, idempotent: false });
  // @ts-expect-error: the name is missing
  circuitBreaker({ failures: 1 });
  // @ts-expect-error: failures and window exclude each other
  circuitBreaker({ name: 'x', failures: 1, window: { calls: 1 } });
  // @ts-expect-error: a store needs a window of time
  circuitBreaker({ name: 'x', window: { calls: 1 }, store: memoryBreakerStore() });
  // @ts-expect-error: a window is of calls or of time
  circuitBreaker({ name: 'x', window: { ms: 1, calls: 1 } });
  // @ts-expect-error: quorum needs a store
  circuitBreaker({ name: 'x', window: { ms: 1 }, quorum: 0.5 });
  // @ts-expect-error: the time is missing
  timeout();
  // @ts-expect-error: concurrency is missing
  bulkhead({});
  // @ts-expect-error: a typo
  retry({ retries: 3 });
  // @ts-expect-error: a function that makes a policy is no policy
  compose(retry);
  // @ts-expect-error: a fallback's value is no result of a function
  resilience(fallback(() => 'cached'));
  circuitBreaker({
    name: 'x',
    window: { ms: 1 },
    store: ({ env }) => redisBreakerStore(env.redis),
    quorum: 0.3,
    refresh: 1,
  });
});

test('the layer adds the attempt to any kind of function', () => {
  defineFunction('a', http({ method: 'GET', path: '/' }))
    .use(resilience(retry(), timeout(1)))
    .handle((_event, { attempt, signal }) => {
      expectTypeOf(attempt).toEqualTypeOf<number>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    });
  defineFunction('b', queue({ queue: 'q' }))
    .use(deadLetter({ deliveries: 5 }))
    .use(resilience(retry()))
    .handle((_event, { attempt }) => attempt);
});

test('a refusal names its policy', () => {
  const error: unknown = new RefusedError('bulkhead', 'x', 'full');
  if (isRefused(error)) expectTypeOf(error.policy).toEqualTypeOf<'circuitBreaker' | 'bulkhead'>();
});
