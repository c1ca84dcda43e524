/**
 * Idempotency records in Redis or Valkey.
 *
 * @module
 */
import { FunctionError } from '@tradewind/core';
import { checkOptions, mustBe, mustBePositive } from '@tradewind/core/adapter';
import { wholeMs } from '../ms.js';
import type { ClaimAnswer, IdempotencyStore, Outcome } from '../store.js';
import { explainedBy } from './advice.js';
import { gathering } from './gather.js';
import { SCRIPT, SHA } from './script.js';

/** The part of an `ioredis` client that is used. A single server, Sentinel and Cluster all work. */
export interface RedisClient {
  evalsha(sha: string, keys: number, ...args: string[]): Promise<unknown>;
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>;
  /** The socket, if there is a single one. */
  readonly stream?: unknown;
  /** Needed only with `replicas`. */
  wait?(replicas: number, timeout: number): Promise<unknown>;
}

/** How many replicas an operation must reach. */
export interface RedisReplicas {
  readonly count: number;
  /** In ms: how long an operation waits for them. Default: 1,000. */
  readonly timeout?: number;
}

/** Options of `redisStore(...)`. */
export interface RedisStoreOptions {
  /** The prefix of every key. Default: `tradewind:idempotency:`. */
  readonly prefix?: string;
  /**
   * An operation counts only if so many replicas have it (`WAIT`), in the same round trip. Otherwise a failover to a
   * replica without it would grant a key a second time, while its owner is working or after its outcome was stored. A
   * claim that reaches too few replicas is released and fails; storing an outcome is retried. Not for Cluster, whose
   * client cannot send both commands to one server. Default: none, so a failover may make a handler run twice.
   *
   * @see https://redis.io/docs/latest/commands/wait/
   */
  readonly replicas?: RedisReplicas;
}

const ONE_MEBIBYTE = 1_048_576;
const ONE_SECOND = 1_000;
const STATES: Readonly<Record<'c' | 'f' | 'u', Outcome['state']>> = { c: 'completed', f: 'failed', u: 'unknown' };

/**
 * Stores records in Redis 6 or newer, or in Valkey: the fastest store. Each operation is one `EVALSHA` and one round
 * trip, with Redis' own clock. If Redis has lost the script, it is sent again.
 *
 * A record that Redis loses is a key that was never claimed. With `appendfsync everysec`, a crash loses up to a second.
 * A failover loses what was not replicated (see `replicas`). Eviction loses whatever it takes, so set `maxmemory-policy
 * noeviction`.
 *
 * @param client - your own client of `ioredis`; nothing here opens or closes it.
 * @throws FunctionError `misconfigured` if `client` is not such a client, or an option is invalid.
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
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): IdempotencyStore {
  checkOptions('redisStore', options, ['prefix', 'replicas']);
  const { prefix = 'tradewind:idempotency:', replicas } = options;
  mustBe('function', client?.evalsha, "redisStore(...): `evalsha` of the client (of 'ioredis')");
  if (replicas !== undefined) checkOptions('The replicas of redisStore', replicas, ['count', 'timeout']);
  if (replicas) mustBe('function', client.wait, 'redisStore(...) with `replicas`: `wait` of the client');
  mustBePositive(replicas?.count, 'redisStore(...): `replicas.count`');
  mustBePositive(replicas?.timeout, 'redisStore(...): `replicas.timeout`');

  const gather = gathering(client);
  const send = replicas ? replicated(client, gather, replicas) : (...args: string[]) => scripted(client, gather, args);
  const ask = (...args: string[]): Promise<unknown> =>
    send(...args).catch((error) => {
      throw explainedBy(error);
    });
  const done = async (...args: string[]): Promise<boolean> => {
    const answer = await ask(...args);
    // A client may return numbers as strings.
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
        // The claim may still have been granted: released, the next try can have the key at once.
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

/** Runs the script by its hash, or sends it if Redis does not have it. */
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

/** The same, followed by a wait for the replicas in each round trip. */
function replicated(
  client: RedisClient,
  gather: () => void,
  { count, timeout = ONE_SECOND }: RedisReplicas,
): (...args: string[]) => Promise<unknown> {
  return async (...args) => {
    let acks: unknown;
    const wait = (): void => {
      acks = client.wait?.(count, timeout);
      // Awaited only after the answer, so a rejection must not count as unhandled.
      Promise.resolve(acks).catch(() => {});
    };
    const asked = scripted(client, gather, args, wait);
    wait();
    const answer = await asked;
    if (Number(await acks) >= count) return answer;
    throw new FunctionError('unavailable', 'Redis did not reach the required number of replicas in time.');
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
    'The record in Redis was not written by redisStore(...), or Redis gave an answer that the script does not give.',
  );
}
