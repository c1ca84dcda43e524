/**
 * Specifies what every store must do, as tests for any test runner.
 *
 * @module
 */
import { checkOptions } from '@tradewind/core/adapter';
import type { IdempotencyStore } from '../store.js';
import { claims } from './claims.js';
import { endings } from './endings.js';
import { races } from './races.js';
import { Tried } from './tried.js';

export { type ModelAnswer, StoreModel } from './model.js';

/** Options of {@link conformance}. */
export interface ConformanceOptions {
  /** Makes the store to test, on the real database. Called once per case; each case uses its own keys. */
  readonly store: () => IdempotencyStore | PromiseLike<IdempotencyStore>;
  /** Lets at least `ms` pass on the store's clock. Default: waits. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** One requirement of a store. */
export interface ConformanceCase {
  readonly name: string;
  /** @throws an error that says what the store did, if that is wrong. */
  readonly run: () => Promise<void>;
}

/**
 * Returns all cases that a store must pass.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@tradewind/idempotency';
 * import { conformance } from '@tradewind/idempotency/conformance';
 * import { test } from 'vitest';
 *
 * for (const { name, run } of conformance({ store: () => memoryStore() })) test(name, run);
 * ```
 */
export function conformance(options: ConformanceOptions): readonly ConformanceCase[] {
  checkOptions('conformance', options, ['store', 'sleep']);
  const { store, sleep = wait } = options;
  return Object.entries({ ...claims, ...endings, ...races }).map(([name, check]) => ({
    name,
    run: async () => check(new Tried(await store(), sleep)),
  }));
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
