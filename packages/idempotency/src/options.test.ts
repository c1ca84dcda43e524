import { DatabaseSync } from 'node:sqlite';
import { defineFunction, http } from '@tradewind/core';
import { fakeHttp, invoke } from '@tradewind/core/testing';
import { expect, test } from 'vitest';
import * as suite from './conformance/index.js';
import * as object from './durable-object/index.js';
import * as dynamo from './dynamodb/index.js';
import * as main from './index.js';
import * as postgres from './postgres/index.js';
import * as redis from './redis/index.js';
import * as sqlite from './sqlite/index.js';

const store = main.memoryStore();
const nothing = async () => ({ rows: [] });
const client = { evalsha: nothing, eval: nothing, wait: nothing, query: nothing, putItem: nothing } as never;
const reader = { getItem: nothing } as never;

/** Everything that takes options: each with valid ones, to which a misspelt one is added. */
const FACTORIES: Readonly<Record<string, (odd: object) => unknown>> = {
  idempotency: (odd) => main.idempotency({ store, scope: 'global', key: String, ...odd } as never),
  idempotent: (odd) => main.idempotent(() => 1, { store, name: 'x', key: String, ...odd }),
  idempotencyKeyHeader: (odd) => main.idempotencyKeyHeader({ strict: true, ...odd }),
  memoryStore: (odd) => main.memoryStore({ ...odd }),
  redisStore: (odd) => redis.redisStore(client, { prefix: 'x', ...odd }),
  'redisStore, its replicas': (odd) => redis.redisStore(client, { replicas: { count: 1, ...odd } }),
  dynamoStore: (odd) => dynamo.dynamoStore(client, { table: 'x', ...odd }),
  powertoolsRecords: (odd) => dynamo.powertoolsRecords({ client: reader, table: 'x', id: String, ...odd }),
  postgresStore: (odd) => postgres.postgresStore(client, { table: 'x', ...odd }),
  sqliteStore: (odd) => sqlite.sqliteStore(new DatabaseSync(':memory:'), { table: 'x', ...odd }),
  conformance: (odd) => suite.conformance({ store: () => store, ...odd }),
};
const WITHOUT_OPTIONS = ['durableObjectStore', 'postgresTable'];

test.each(Object.keys(FACTORIES))('%s refuses an option that it does not know', (name) => {
  const make = FACTORIES[name] as (odd: object) => unknown;
  make({});
  expect(() => make({ misspelt: 1 })).toThrow(/\(\.\.\.\): unknown option 'misspelt'\. The options are \w/);
  expect(() => make({ misspelt: undefined })).toThrow("unknown option 'misspelt'");
});

test('every function that is exported is in the table, or takes no options', () => {
  const known = new Set([...Object.keys(FACTORIES), ...WITHOUT_OPTIONS]);
  const all = { ...main, ...redis, ...dynamo, ...postgres, ...sqlite, ...suite, ...object };
  const exported = Object.keys(all).filter((name) => /^[a-z]/.test(name));
  expect(exported.filter((name) => !known.has(name))).toEqual([]);
});

test.each([
  ['an option of a function', { scope: 'global' }, "idempotent(...): unknown option 'scope'"],
  ['a recovery', { onTakeover: () => undefined }, "`onTakeover` must be 'rerun' or 'refuse'; got function."],
])('idempotent refuses %s, which it would ignore', (_name, odd, message) => {
  expect(() => main.idempotent(() => 1, { store, name: 'x', key: String, ...(odd as object) })).toThrow(message);
});

test.each([
  ['the header as its key, and no scope', { key: main.idempotencyKeyHeader() }, '`scope`, which says whose key it is'],
  ['a wait, and no scope', { key: String, wait: 100 }, '`scope`, which says whose key it is'],
  ['a scope, and no key', { scope: 'global' }, '`key`, see idempotencyKeyHeader()'],
])('idempotency with %s is refused at once', (_name, options, message) => {
  expect(() => main.idempotency({ store, ...options } as never)).toThrow(
    expect.objectContaining({
      code: 'misconfigured',
      message: expect.stringContaining(`idempotency(...): an HTTP function needs a ${message}`),
    }),
  );
});

test.each([
  ['key', {}],
  ['scope', { key: () => 'k' }],
])(
  'an HTTP function without `%s`, which might be of messages, is told so by its first request',
  async (name, options) => {
    const logged: unknown[] = [];
    const keep = (...line: unknown[]): void => void logged.push(line.map((one) => (one as FakeError)?.error?.message));
    const fn = defineFunction
      .logger({ debug: keep, info: keep, warn: keep, error: keep })('pay', http({ method: 'POST', path: '/' }))
      .use(main.idempotency({ store, ...options } as never))
      .handle(() => 1);
    expect((await invoke(fn, fakeHttp())).status).toBe(500);
    expect(JSON.stringify(logged)).toContain(
      `'pay' is an HTTP function, which only a request shows. It needs a \`${name}\``,
    );
  },
);
interface FakeError {
  readonly error?: Error;
}

test.each([2, null, 'one', [1]])('redisStore refuses %j as its replicas', (replicas) => {
  expect(() => redis.redisStore(client, { replicas: replicas as never })).toThrow(
    'The replicas of redisStore(...): the options must be an object',
  );
});

test('postgresTable refuses an object in place of the name', () => {
  expect(() => postgres.postgresTable({ table: 'x' } as never)).toThrow('must be a name that needs no quotes');
});
