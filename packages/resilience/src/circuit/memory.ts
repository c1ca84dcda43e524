import { type Clock, systemClock } from '@tradewind/core';
import { checkOptions } from '@tradewind/core/adapter';
import { type BreakerRecord, exchanged } from './exchange.js';
import type { BreakerStore } from './store.js';

/** Options of {@link memoryBreakerStore}. */
export interface MemoryBreakerStoreOptions {
  /** For tests. Default: the real time. */
  readonly clock?: Clock;
}

/**
 * Stores circuits in this process's memory: for tests, and for several breakers in one process that share a circuit.
 *
 * @example
 * ```ts
 * import { circuitBreaker, memoryBreakerStore } from '@tradewind/resilience';
 *
 * const store = memoryBreakerStore();
 * export const payments = circuitBreaker({ name: 'payments', window: { ms: 30_000 }, store });
 * ```
 */
export function memoryBreakerStore(options: MemoryBreakerStoreOptions = {}): BreakerStore {
  checkOptions('memoryBreakerStore', options, ['clock']);
  const { clock = systemClock } = options;
  const records = new Map<string, BreakerRecord>();
  return {
    exchange(name, report, rules) {
      const { record, state } = exchanged(records.get(name), report, rules, clock.now());
      records.set(name, record);
      return state;
    },
  };
}
