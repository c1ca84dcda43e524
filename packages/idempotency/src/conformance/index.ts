/**
 * What every store must do, for any test runner.
 *
 * @module
 */
import type { IdempotencyStore } from '../store.js';
import { claims } from './claims.js';
import { endings } from './endings.js';
import { races } from './races.js';
import { Tried } from './tried.js';

export { type ModelAnswer, StoreModel } from './model.js';

/** What {@link conformance} is given. */
export interface ConformanceOptions {
  /** The store to look at, over the real thing. Asked for once a case; a case uses keys of its own. */
  readonly store: () => IdempotencyStore | PromiseLike<IdempotencyStore>;
  /** Lets at least `ms` go by on the store's clock. Default: waits. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/** One thing that a store must do. */
export interface ConformanceCase {
  readonly name: string;
  /** @throws where the store does not do it, saying what it did. */
  readonly run: () => Promise<void>;
}

/**
 * Every case that a store must pass.
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
export function conformance({ store, sleep = wait }: ConformanceOptions): readonly ConformanceCase[] {
  return Object.entries({ ...claims, ...endings, ...races }).map(([name, check]) => ({
    name,
    run: async () => check(new Tried(await store(), sleep)),
  }));
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
