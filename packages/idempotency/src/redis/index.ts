/**
 * Idempotency records in Redis, or Valkey.
 *
 * @module
 */
import { FunctionError } from '@tradewind/core';
import { mustBe, mustBePositive } from '@tradewind/core/adapter';
import { wholeMs } from '../ms.js';
import type { ClaimAnswer, IdempotencyStore, Outcome } from '../store.js';
import { gathering } from './gather.js';
import { SCRIPT, SHA } from './script.js';

/** What is used of a client: `ioredis`, a single server's, Sentinel's or Cluster's. */
export interface RedisClient {
  evalsha(sha: string, keys: number, ...args: string[]): Promise<unknown>;
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>;
  /** The socket, where there is one. */
  readonly stream?: unknown;
  /** Only with `replicas`. */
  wait?(replicas: number, timeout: number): Promise<unknown>;
}

/** How many replicas an operation must have reached. */
export interface RedisReplicas {
  readonly count: number;
  /** In ms: how long an operation waits for them. Default: 1,000. */
  readonly timeout?: number;
}

/** What `redisStore(...)` is given. */
export interface RedisStoreOptions {
  /** Before every key. Default: `tradewind:idempotency:`. */
  readonly prefix?: string;
  /**
   * An operation counts only when so many replicas have it (`WAIT`), in the same round trip: otherwise a failover to one that
   * does not would grant a key a second time while its owner is at work, or after its outcome was stored. A claim that reaches
   * too few is given back, and fails; an outcome is tried again. Not with Cluster, whose client cannot send both commands to
   * one server. Default: none, and a failover may have a handler run twice.
   *
   * @see https://redis.io/docs/latest/commands/wait/
   */
  readonly replicas?: RedisReplicas;
}

const ONE_MEBIBYTE = 1_048_576;
const ONE_SECOND = 1_000;
const STATES: Readonly<Record<'c' | 'f' | 'u', Outcome['state']>> = { c: 'completed', f: 'failed', u: 'unknown' };

/**
 * Records in Redis 6 or newer, or Valkey: the fast store, for whoever has one. One `EVALSHA` an operation, one round trip, by
 * Redis' own clock; a script that Redis has forgotten is sent again.
 *
 * A record that Redis loses is a key that was never claimed: with `appendfsync everysec` a crash loses up to a second, a
 * failover what had not been replicated (see `replicas`), eviction whatever it takes: set `maxmemory-policy noeviction`.
 *
 * @param client - of `ioredis`, the user's own: nothing here opens or closes it.
 * @throws FunctionError `misconfigured` for what is no such client.
 * @example
 * ```ts
 * import { defineFunction, queue } from '@tradewind/core';
 * import { idempotency } from '@tradewind/idempotency';
 * import { redisStore } from '@tradewind/idempotency/redis';
 * import { Redis } from 'ioredis';
 *
 * const store = redisStore(new Redis({ maxRetriesPerRequest: 1 }));
 * export const charge = defineFunction('charge', queue({ queue: 'orders' }))
 *   .use(idempotency({ store }))
 *   .handle(({ id }, { log }) => log.info('Charging.', { id }));
 * ```
 */
export function redisStore(
  client: RedisClient,
  { prefix = 'tradewind:idempotency:', replicas }: RedisStoreOptions = {},
): IdempotencyStore {
  mustBe('function', client?.evalsha, "The client of redisStore(...), one of 'ioredis': its evalsha");
  if (replicas) mustBe('function', client.wait, 'The client of redisStore(...) with replicas: its wait');
  mustBePositive(replicas?.count, 'count of replicas');
  mustBePositive(replicas?.timeout, 'timeout of replicas');

  const gather = gathering(client);
  const ask = replicas ? replicated(client, gather, replicas) : (...args: string[]) => scripted(client, gather, args);
  const done = async (...args: string[]): Promise<boolean> => {
    const answer = await ask(...args);
    // A client may map numbers to texts.
    if (answer === 1 || answer === '1') return true;
    if (answer === 0 || answer === '0') return false;
    throw garbled();
  };
  const release: IdempotencyStore['release'] = ({ key, owner }) => done(prefix + key, 'release', owner);
  return {
    maxValue: ONE_MEBIBYTE,
    async claim(key, { owner, fingerprint, lease, retain }) {
      const times = [String(wholeMs(lease, 0)), String(wholeMs(retain, 1))];
      try {
        return toAnswer(await ask(prefix + key, 'claim', owner, fingerprint, ...times));
      } catch (error) {
        // It may be granted all the same: the next try can have it at once, where it can be given back.
        if (replicas) Promise.resolve(release({ key, owner })).catch(() => {});
        throw error;
      }
    },
    complete: ({ key, owner }, { state, value }, retain) =>
      done(prefix + key, 'complete', owner, state.slice(0, 1), value, String(wholeMs(retain, 1))),
    release,
    extend: ({ key, owner }, lease) => done(prefix + key, 'extend', owner, String(wholeMs(lease, 0))),
  };
}

/** Asks by the script's name, and by the script where Redis has forgotten it. */
function scripted(
  client: RedisClient,
  gather: () => void,
  args: readonly string[],
  again?: () => void,
): Promise<unknown> {
  gather();
  return client.evalsha(SHA, 1, ...args).catch((error) => {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    const answer = client.eval(SCRIPT, 1, ...args);
    again?.();
    return answer;
  });
}

/** The same, with a wait for the replicas in each round trip. */
function replicated(
  client: RedisClient,
  gather: () => void,
  { count, timeout = ONE_SECOND }: RedisReplicas,
): (...args: string[]) => Promise<unknown> {
  return async (...args) => {
    let acks: unknown;
    const wait = (): void => {
      acks = client.wait?.(count, timeout);
      // It is looked at once the answer is there.
      Promise.resolve(acks).catch(() => {});
    };
    const asked = scripted(client, gather, args, wait);
    wait();
    const answer = await asked;
    if (Number(await acks) >= count) return answer;
    throw new FunctionError('unavailable', 'Redis has not reached the replicas in time that an operation must have.');
  };
}

function toAnswer(answer: unknown): ClaimAnswer {
  const [first = '', rest = ''] = typeof answer === 'string' ? [answer[0], answer.slice(1)] : [];
  switch (first) {
    case 'g': {
      const [fence, attempt, takeover] = rest.split(' ');
      return { state: 'granted', fence: Number(fence), attempt: Number(attempt), takeover: takeover === '1' };
    }
    case 'i':
      return { state: 'in_progress', remaining: Number(rest) };
    case 'm':
      return { state: 'mismatch' };
    case 'c':
    case 'f':
    case 'u':
      return { state: STATES[first], value: rest };
    default:
      throw garbled();
  }
}

function garbled(): FunctionError {
  return new FunctionError(
    'internal',
    'Redis holds no record of this package at the key, or answers as no script of it does.',
  );
}
