/**
 * Circuits that instances share in Redis or Valkey.
 *
 * @module
 */
import { FunctionError } from '@tradewind/core';
import { checkOptions, mustBe } from '@tradewind/core/adapter';
import type { BreakerStore, SharedState } from '../circuit/store.js';
import { SCRIPT, SHA } from './script.js';

/** The part of an `ioredis` client that is used. A single server, Sentinel and Cluster all work. */
export interface RedisClient {
  evalsha(sha: string, keys: number, ...args: string[]): Promise<unknown>;
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>;
}

/** Options of {@link redisBreakerStore}. */
export interface RedisBreakerStoreOptions {
  /** The prefix of every key. Default: `tradewind:circuit:`. */
  readonly prefix?: string;
}

/**
 * Stores circuits in Redis 6 or newer, or in Valkey. Each exchange is one `EVALSHA` and uses Redis' own clock. An
 * instance makes one exchange before its first call, one per probe, and otherwise one every `refresh` ms, in the
 * background.
 *
 * @param client - your own client of `ioredis`; nothing here opens or closes it. If it must not outlive an invocation,
 * pass the breaker a function that takes the context and returns the store.
 * @throws FunctionError `misconfigured` if `client` is not such a client.
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
export function redisBreakerStore(client: RedisClient, options: RedisBreakerStoreOptions = {}): BreakerStore {
  checkOptions('redisBreakerStore', options, ['prefix']);
  const { prefix = 'tradewind:circuit:' } = options;
  mustBe('function', client?.evalsha, "redisBreakerStore(...): `evalsha` of the client (of 'ioredis')");
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

/** Runs the script by its hash, or sends it if Redis does not have it. */
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
  throw new FunctionError('internal', 'redisBreakerStore(...): Redis gave an answer that the script does not give.');
}
