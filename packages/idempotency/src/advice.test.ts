import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { defineFunction, http, queue } from '@tradewind/core';
import { fakeHttp, fakeMessage, invoke } from '@tradewind/core/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { dynamodb } from '../../../test/servers/dynamodb.ts';
import { type RedisServers, redis } from '../../../test/servers/redis.ts';
import { dynamoStore } from './dynamodb/index.js';
import { type IdempotencyStore, idempotency, memoryStore } from './index.js';
import { redisStore } from './redis/index.js';
import { sqliteStore } from './sqlite/index.js';

const claim = { owner: 'a', fingerprint: 'f', lease: 60_000, retain: 60_000 };
const grant = { key: 'k', owner: 'a' };
const operations = ({ claim: claiming, complete, release, extend }: IdempotencyStore) => [
  async () => claiming('k', claim),
  async () => complete(grant, { state: 'completed', value: '{}' }, 1_000),
  async () => release(grant),
  async () => extend(grant, 1_000),
];

describe('a function whose store is not set up', () => {
  const store = sqliteStore(new DatabaseSync(':memory:', { readOnly: false }));
  const broken = (error: unknown): IdempotencyStore => ({ ...store, claim: () => Promise.reject(error) });

  test('says what to do in its error, and in the log', async () => {
    const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE mine (key TEXT)');
    const own = sqliteStore(db, { table: 'mine' });
    const message =
      'The idempotency store failed to answer a claim. The table in SQLite was not made by sqliteStore(...): use a table of its own.';
    const fn = defineFunction('charge', queue({ queue: 'orders' }))
      .use(idempotency({ store: own }))
      .handle(() => {});
    await expect(invoke(fn, fakeMessage(1))).rejects.toMatchObject({ code: 'unavailable', message });
    const web = defineFunction
      .logger(log)('place', http({ method: 'POST', path: '/' }))
      .use(idempotency({ store: own, key: () => 'k', scope: 'global' }))
      .handle(() => 1);
    const answer = await invoke(web, fakeHttp());
    expect(answer.status).toBe(503);
    // The client learns nothing of it.
    expect(JSON.stringify(answer)).not.toContain('SQLite');
    expect(log.error.mock.calls).toEqual([
      [expect.anything(), expect.objectContaining({ error: expect.objectContaining({ message }) })],
    ]);
  });

  test('does not quote the message of another error, which may contain a value', async () => {
    for (const error of [new Error('secret'), 'secret', undefined]) {
      const fn = defineFunction('charge', queue({ queue: 'orders' }))
        .use(idempotency({ store: broken(error) }))
        .handle(() => {});
      await expect(invoke(fn, fakeMessage(1))).rejects.toMatchObject({
        message: 'The idempotency store failed to answer a claim.',
        cause: error,
      });
    }
  });
});

describe('DynamoDB', () => {
  let server: Awaited<ReturnType<typeof dynamodb>>;
  beforeAll(async () => {
    server = await dynamodb('idempotency');
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  test.each([
    ['a missing table', { table: 'nowhere' }, 'does not exist in the region and the account'],
    ['another key', { table: 'idempotency', keyAttribute: 'pk' }, 'The key of the DynamoDB table does not fit'],
  ])('%s', async (_name, options, message) => {
    for (const operation of operations(dynamoStore(server.client, options))) {
      await expect(operation()).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining(message),
      });
    }
  });

  test('credentials and rights', async () => {
    const failing = (name: string) =>
      ({ putItem: () => Promise.reject(Object.assign(new Error('x'), { name })) }) as unknown as DynamoDB;
    const claimed = (name: string) => dynamoStore(failing(name), { table: 't' }).claim('k', claim);
    await expect(claimed('AccessDeniedException')).rejects.toThrow('must be allowed dynamodb:PutItem');
    await expect(claimed('ExpiredTokenException')).rejects.toThrow('did not accept the credentials');
    await expect(claimed('ValidationException')).rejects.toThrow('x');
    await expect(claimed('constructor')).rejects.toThrow('x');
  });
});

describe('Redis', () => {
  let servers: RedisServers;
  let admin: Redis;
  let port: number;
  beforeAll(async () => {
    const started = await redis();
    servers = started.servers;
    ({ port } = started.server);
    admin = new Redis({ port });
  }, 60_000);
  afterAll(async () => {
    admin.disconnect();
    await servers[Symbol.asyncDispose]();
  });
  const says = async (message: string, options: object = {}) => {
    const client = new Redis({ port, maxRetriesPerRequest: 0, ...options });
    client.on('error', () => {});
    await expect(redisStore(client).claim('k', claim)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(message),
    });
    client.disconnect();
  };

  test('a read-only replica', async () => {
    await admin.replicaof('127.0.0.1', 1);
    await says('Redis is a read-only replica here');
    await admin.replicaof('NO', 'ONE');
  });

  test('no memory', async () => {
    await admin.config('SET', 'maxmemory', '1');
    await says('Redis is out of memory');
    await admin.config('SET', 'maxmemory', '0');
  });

  test('a user without rights, and a wrong or missing password', async () => {
    await admin.acl('SETUSER', 'guest', 'on', '>guest', '~*', '+ping', '+info');
    await says('must be allowed EVALSHA, EVAL', { username: 'guest', password: 'guest' });
    await admin.config('SET', 'requirepass', 'right');
    // With its ready check, ioredis reports only that it could not connect.
    await says('Redis did not accept the user or the password', { enableReadyCheck: false });
    await admin.config('SET', 'requirepass', '');
  });

  test('a server of a Cluster', async () => {
    const moved = () => Promise.reject(new Error('MOVED 12182 127.0.0.1:6381'));
    const store = redisStore({ evalsha: moved, eval: moved });
    await expect(store.claim('k', claim)).rejects.toThrow('new Cluster([...])');
  });
});

describe('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'advice-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('a table that was dropped is made again', async () => {
    const database = new DatabaseSync(':memory:');
    const store = sqliteStore(database);
    await store.claim('k', claim);
    database.exec('DROP TABLE tradewind_idempotency');
    expect(await store.claim('k', { ...claim, owner: 'b' })).toMatchObject({ state: 'granted', attempt: 1 });
    expect(await store.claim('k', { ...claim, owner: 'c' })).toMatchObject({ state: 'in_progress' });
  });

  test('a read-only and a locked database', async () => {
    const file = join(folder, 'records.db');
    const owner = new DatabaseSync(file);
    sqliteStore(owner);
    await sqliteStore(owner).claim('k', claim);
    for (const operation of operations(sqliteStore(new DatabaseSync(file, { readOnly: true })))) {
      await expect(operation()).rejects.toThrow('The SQLite file is read-only');
    }
    owner.exec('BEGIN IMMEDIATE');
    for (const operation of operations(sqliteStore(new DatabaseSync(file)))) {
      await expect(operation()).rejects.toThrow('open it with a `timeout`');
    }
  });

  test('other libraries name their errors', async () => {
    const odd = (code: string) => ({
      exec: () => {
        throw Object.assign(new Error('x'), { code });
      },
      prepare: () => ({ get: () => undefined, run: () => undefined }),
    });
    expect(() => sqliteStore(odd('SQLITE_READONLY_DBMOVED')).claim('k', claim)).toThrow('is read-only');
    expect(() => sqliteStore(odd('SQLITE_BUSY_SNAPSHOT')).claim('k', claim)).toThrow('is locked');
    expect(() => sqliteStore(odd('SQLITE_CORRUPT')).claim('k', claim)).toThrow('x');
  });
});

test('a store in memory needs no set-up', async () => {
  expect(await memoryStore().claim('k', claim)).toMatchObject({ state: 'granted' });
});
