import { type Clock, systemClock } from '@tradewind/core';
import { checkOptions } from '@tradewind/core/adapter';
import { claimed, completed, extended, type IdempotencyRecord, released } from './record.js';
import type { IdempotencyStore } from './store.js';

/** Options of `memoryStore(...)`. */
export interface MemoryStoreOptions {
  /** For tests. Default: the real time. */
  readonly clock?: Clock;
}

const ONE_MEBIBYTE = 1_048_576;
// Often enough to keep expired records a fraction of all, but not on every call.
const SWEEP_AFTER = 1_000;

/**
 * Stores records in this process's memory: for tests, for development, and for a single server that may forget them
 * when it restarts. Instances do not see each other's records, so in a cloud it stops only duplicates within one
 * instance.
 *
 * @example
 * ```ts
 * import { idempotency, memoryStore } from '@tradewind/idempotency';
 * import { defineFunction, queue } from '@tradewind/core';
 *
 * export const charge = defineFunction('charge', queue({ queue: 'orders' }))
 *   .use(idempotency({ store: memoryStore() }))
 *   .handle(({ id }, { log }) => log.info('Charging.', { id }));
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): IdempotencyStore {
  checkOptions('memoryStore', options, ['clock']);
  const { clock = systemClock } = options;
  const records = new Map<string, IdempotencyRecord>();
  let untilSweep = SWEEP_AFTER;
  const keep = (key: string, record: IdempotencyRecord | undefined): void => {
    if (!record) return;
    records.set(key, record);
    if (--untilSweep > 0) return;
    const now = clock.now();
    for (const [old, { expiry }] of records) if (expiry <= now) records.delete(old);
    untilSweep = Math.max(SWEEP_AFTER, records.size);
  };
  return {
    maxValue: ONE_MEBIBYTE,
    caution: 'memoryStore() works within one process: other instances do not see its records.',
    claim(key, claim) {
      const { answer, record } = claimed(records.get(key), claim, clock.now());
      keep(key, record);
      return answer;
    },
    complete({ key, owner }, outcome, retain) {
      const { done, record } = completed(records.get(key), owner, outcome, retain, clock.now());
      keep(key, record);
      return done;
    },
    release({ key, owner }) {
      const { done, record } = released(records.get(key), owner, clock.now());
      keep(key, record);
      return done;
    },
    extend({ key, owner }, lease) {
      const { done, record } = extended(records.get(key), owner, lease, clock.now());
      keep(key, record);
      return done;
    },
  };
}
