import { expect, test } from 'vitest';
import * as main from './index.js';
import * as redis from './redis/index.js';

const { circuitBreaker, memoryBreakerStore } = main;
const store = memoryBreakerStore();
const client = { evalsha: async () => [], eval: async () => [] };

/** Everything that takes options: each with valid ones, to which a misspelt one is added. */
const FACTORIES: Readonly<Record<string, (odd: object) => unknown>> = {
  exponential: (odd) => main.exponential({ base: 1, ...odd }),
  retryBudget: (odd) => main.retryBudget({ ratio: 1, ...odd }),
  bulkhead: (odd) => main.bulkhead({ concurrency: 1, ...odd }),
  circuitBreaker: (odd) => circuitBreaker({ name: 'x', failures: 1, ...odd }),
  'circuitBreaker with a store': (odd) => circuitBreaker({ name: 'x', window: { ms: 1 }, store, ...odd }),
  'circuitBreaker, its window': (odd) => circuitBreaker({ name: 'x', window: { calls: 1, ...odd } }),
  memoryBreakerStore: (odd) => memoryBreakerStore({ ...odd }),
  deadLetter: (odd) => main.deadLetter({ deliveries: 1, ...odd }),
  fallback: (odd) => main.fallback(() => 1, { name: 'x', ...odd }),
  hedge: (odd) => main.hedge({ after: 1, idempotent: true, ...odd }),
  retry: (odd) => main.retry({ attempts: 1, ...odd }),
  standard: (odd) => main.standard({ name: 'x', ...odd }),
  redisBreakerStore: (odd) => redis.redisBreakerStore(client, { prefix: 'x', ...odd }),
};
const WITHOUT_OPTIONS = ['compose', 'constant', 'isRefused', 'resilience', 'resilientFetch', 'timeout'];

test.each(Object.keys(FACTORIES))('%s refuses an option that it does not know', (name) => {
  const make = FACTORIES[name] as (odd: object) => unknown;
  make({});
  expect(() => make({ misspelt: 1 })).toThrow(/\(\.\.\.\): unknown option 'misspelt'\. The options are \w/);
  expect(() => make({ misspelt: undefined })).toThrow("unknown option 'misspelt'");
});

test('every function that is exported is in the table, or takes no options', () => {
  const known = new Set([...Object.keys(FACTORIES), ...WITHOUT_OPTIONS]);
  const exported = Object.entries({ ...main, ...redis }).filter(([name]) => /^[a-z]/.test(name));
  expect(exported.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
});

test.each([
  ['compose', () => main.compose({ attempts: 3 } as never)],
  ['resilience', () => main.resilience({ attempts: 3 } as never)],
  ['resilientFetch', () => main.resilientFetch({ policy: main.retry() } as never)],
  ['timeout', () => main.timeout({ ms: 1 } as never)],
  ['constant', () => main.constant({ ms: 1 } as never)],
])('%s refuses an object in place of its argument', (_name, make) => {
  expect(make).toThrow(expect.objectContaining({ code: 'misconfigured' }));
});
