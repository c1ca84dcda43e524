// The same work, once per key, over one ioredis client each: a function that returns a small object.
import { hash } from 'node:crypto';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { CachePersistenceLayer } from '@aws-lambda-powertools/idempotency/cache';
import { Idempotency } from '@node-idempotency/core';
import { idempotent } from '@tradewind/idempotency';
import { redisStore } from '@tradewind/idempotency/redis';
import { IdempotencyService } from 'express-idempotency';
import type { Redis } from 'ioredis';

/** In ms. */
const RETENTION = 3_600_000;
const LEASE = 30_000;

/** Does the work for a key, or returns its outcome; rejects while another call does it. */
export type Once = (key: string) => Promise<unknown>;

/** A contestant. To it, each call of `make` is another process. */
export interface Contestant {
  /** Whether another owner can get a key whose owner died. */
  readonly takesOver: boolean;
  readonly make: (client: Redis) => Once;
  /** Leaves a key in progress, with a lease that has expired or is still running. */
  readonly hold: (client: Redis, key: string, isOver: boolean) => Promise<void>;
}

const work = async (key: string): Promise<{ paid: string }> => ({ paid: key });

const sha256 = (text: string): string => hash('sha256', text, 'base64url');
const forget = (held: Promise<unknown>): void => void held.catch(() => {});

const tradewind = (client: Redis): Once =>
  idempotent(work, { name: 'pay', store: redisStore(client), key: (key) => key, lease: LEASE, retention: RETENTION });

const CLAIM = `local r=redis.call('GET',KEYS[1])
if r then
if string.sub(r,1,1)=='c' then return r end
local t=redis.call('TIME')
if tonumber(string.match(r,'%d+'))>t[1]*1000+t[2]/1000 then return 'busy' end
end
local t=redis.call('TIME')
redis.call('SET',KEYS[1],'p'..math.floor(t[1]*1000+t[2]/1000+ARGV[2])..' '..ARGV[1],'PX',ARGV[3])
return false`;
const COMPLETE = `local r=redis.call('GET',KEYS[1])
if r and string.match(r,' (.*)')==ARGV[1] then redis.call('SET',KEYS[1],'c'..ARGV[2],'PX',ARGV[3]) return 1 end
return 0`;

/** A hand-written solution: a claim with an owner and a lease, and a completion. No fence, no fingerprint. */
const bare = (client: Redis, lease: number, run: (key: string) => Promise<unknown>): Once => {
  const scripted = client as Redis & Record<'claimBare' | 'completeBare', (...args: unknown[]) => Promise<unknown>>;
  client.defineCommand('claimBare', { numberOfKeys: 1, lua: CLAIM });
  client.defineCommand('completeBare', { numberOfKeys: 1, lua: COMPLETE });
  return async (key) => {
    const owner = crypto.randomUUID();
    const found = await scripted.claimBare(`bare:${key}`, owner, lease, RETENTION);
    if (found === 'busy') throw new Error('It is in progress.');
    if (typeof found === 'string') return JSON.parse(found.slice(1));
    const value = await run(key);
    await scripted.completeBare(`bare:${key}`, owner, JSON.stringify(value), RETENTION);
    return value;
  };
};

const powertools = (client: Redis, run: (key: string) => Promise<unknown>): Once => {
  // It takes clients of Redis' own library and of Valkey's; this is ioredis in that form.
  const like = {
    get: (name: string) => client.get(name),
    del: (names: string[]) => client.del(...names),
    set: (name: string, value: string, { EX, NX }: { EX: number; NX?: boolean }) =>
      NX ? client.set(name, value, 'EX', EX, 'NX') : client.set(name, value, 'EX', EX),
  };
  const persistenceStore = new CachePersistenceLayer({ client: like as never });
  // It asks Lambda's context for the time left, and logs a warning if there is none.
  const config = new IdempotencyConfig({ expiresAfterSeconds: RETENTION / 1_000 });
  config.registerLambdaContext({ getRemainingTimeInMillis: () => LEASE } as never);
  const options = {
    persistenceStore,
    config,
    dataIndexArgument: 0,
    keyPrefix: 'pay',
  };
  return makeIdempotent(run as never, options as never) as unknown as Once;
};

const nodeIdempotency = (client: Redis, run: (key: string) => Promise<unknown>): Once => {
  const guard = new Idempotency({
    connect: async () => {},
    disconnect: async () => {},
    setIfNotExists: async (key: string, value: string, { ttl = RETENTION }: { ttl?: number } = {}) =>
      (await client.set(key, value, 'PX', ttl, 'NX')) === 'OK',
    set: async (key: string, value: string, { ttl = RETENTION }: { ttl?: number } = {}) => {
      await client.set(key, value, 'PX', ttl);
    },
    get: async (key: string) => (await client.get(key)) ?? undefined,
  } as never);
  return async (key) => {
    const request = { headers: { 'idempotency-key': key }, path: '/pay', method: 'POST', body: { key } };
    const known = await guard.onRequest(request);
    if (known) return known.body;
    const body = await run(key);
    await guard.onResponse(request, { body } as never);
    return body;
  };
};

/**
 * An Express middleware, with the parts of a request and a response that it reads. It stores the response in the
 * background.
 */
const expressIdempotency = (client: Redis, run: (key: string) => Promise<unknown>): Once => {
  const set = async (resource: { idempotencyKey: string }): Promise<void> => {
    await client.set(`express:${resource.idempotencyKey}`, JSON.stringify(resource), 'PX', RETENTION);
  };
  const dataAdapter = {
    findByIdempotencyKey: async (key: string) => {
      const found = await client.get(`express:${key}`);
      return found === null ? null : JSON.parse(found);
    },
    create: set,
    update: set,
    delete: async (key: string) => {
      await client.del(`express:${key}`);
    },
  };
  const service = new IdempotencyService({ dataAdapter });
  return (key) =>
    new Promise((resolve, reject) => {
      const headers: Record<string, string> = { 'idempotency-key': key };
      const request = {
        get: (name: string) => headers[name],
        headers,
        body: { key },
        method: 'POST',
        query: {},
        url: '/',
      };
      const response = {
        statusCode: 200,
        setHeader() {},
        getHeaders: () => ({ 'content-type': 'application/json' }),
        status(code: number) {
          response.statusCode = code;
          return response;
        },
        send: resolve as (value: unknown) => void,
      };
      const next = (error?: unknown): void => {
        if (error) reject(error);
        else if (!service.isHit(request as never)) run(key).then((value) => response.send(value), reject);
      };
      service.provideMiddlewareFunction(request as never, response as never, next).catch(reject);
    });
};

const never = () => new Promise<never>(() => {});

export const CONTESTANTS: Readonly<Record<string, Contestant>> = {
  tradewind: {
    takesOver: true,
    make: tradewind,
    async hold(client, key, isOver) {
      const lease = isOver ? 0 : LEASE;
      const claim = { owner: 'another', fingerprint: sha256(JSON.stringify(key)), lease, retain: RETENTION };
      await redisStore(client).claim(sha256(JSON.stringify(['', '', 'pay', key])), claim);
    },
  },
  'a bare Lua pair': {
    takesOver: true,
    make: (client) => bare(client, LEASE, work),
    async hold(client, key, isOver) {
      forget(bare(client, isOver ? 0 : LEASE, never)(key));
    },
  },
  powertools: {
    takesOver: false,
    make: (client) => powertools(client, work),
    async hold(client, key) {
      forget(powertools(client, never)(key));
    },
  },
  'node-idempotency': {
    takesOver: false,
    make: (client) => nodeIdempotency(client, work),
    async hold(client, key) {
      forget(nodeIdempotency(client, never)(key));
    },
  },
  'express-idempotency': {
    takesOver: false,
    make: (client) => expressIdempotency(client, work),
    async hold(client, key) {
      forget(expressIdempotency(client, never)(key));
    },
  },
};
