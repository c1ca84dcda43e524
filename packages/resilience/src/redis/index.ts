/**
 * Circuits that instances share over Redis, or Valkey.
 *
 * @module
 */
import { FunctionError } from '@tradewind/core';
import { mustBe } from '@tradewind/core/adapter';
import type { BreakerStore, SharedState } from '../circuit/store.js';
import { SCRIPT, SHA } from './script.js';

/** What is used of a client: `ioredis`, a single server's, Sentinel's or Cluster's. */
export interface RedisClient {
  evalsha(sha: string, keys: number, ...args: string[]): Promise<unknown>;
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>;
}

/** What {@link redisBreakerStore} is given. */
export interface RedisBreakerStoreOptions {
  /** Before every name. Default: `tradewind:circuit:`. */
  readonly prefix?: string;
}

/**
 * Circuits in Redis 6 or newer, or Valkey. One `EVALSHA` an exchange, by Redis' own clock; an instance has one before its first
 * call, one for each call that it tries with, and otherwise one in `refresh` ms, beside its calls.
 *
 * @param client - of `ioredis`, the user's own: nothing here opens or closes it. Where it may not outlive an invocation, give
 * the breaker a function of the context that makes the store.
 * @throws FunctionError `misconfigured` for what is no such client.
 * @example
 * ```ts
 * import { circuitBreaker } from '@tradewind/resilience';
 * import { redisBreakerStore } from '@tradewind/resilience/redis';
 * import { Redis } from 'ioredis';
 *
 * const store = redisBreakerStore(new Redis({ maxRetriesPerRequest: 1 }));
 * export const payments = circuitBreaker({ name: 'payments', window: { ms: 30_000 }, store });
 * ```
 */
export function redisBreakerStore(
  client: RedisClient,
  { prefix = 'tradewind:circuit:' }: RedisBreakerStoreOptions = {},
): BreakerStore {
  mustBe('function', client?.evalsha, "The client of redisBreakerStore(...), one of 'ioredis': its evalsha");
  return {
    async exchange(name, report, rules) {
      const { instance, generation, calls, failures, ask = '', ended } = report;
      const { window, failureRate, minimum, quorum, openFor, probes } = rules;
      const told = [instance, generation, calls, failures, ask, ended?.id ?? '', ended?.end ?? ''];
      const args = [prefix + name, ...told, window, failureRate, minimum, quorum, openFor, probes].map(String);
      return toState(await scripted(client, args));
    },
  };
}

/** Asks by the script's name, and by the script where Redis has forgotten it. */
function scripted(client: RedisClient, args: readonly string[]): Promise<unknown> {
  return client.evalsha(SHA, 1, ...args).catch((error) => {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return client.eval(SCRIPT, 1, ...args);
  });
}

function toState(answer: unknown): SharedState {
  if (Array.isArray(answer) && answer.length === 4) {
    const [generation = Number.NaN, isOpen, remaining = Number.NaN, granted] = answer.map(Number);
    return { generation, isOpen: isOpen === 1, remaining, granted: granted === 1 };
  }
  throw new FunctionError('internal', 'Redis answers as no script of this package does.');
}
