import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { agreesWithModel } from '../../../../test/idempotency/histories.ts';
import { postgres } from '../../../../test/servers/postgres.ts';
import { conformance } from '../conformance/index.js';
import type { IdempotencyStore } from '../store.js';
import { type PostgresClient, postgresStore, postgresTable } from './index.js';

const RUNS = Number(process.env.TRADEWIND_MODEL_RUNS ?? 300);
const claim = { owner: 'a', fingerprint: 'f', lease: 60_000, retain: 60_000 };

describe('a server, with a pool of twenty connections', () => {
  let server: Awaited<ReturnType<typeof postgres>>;
  let pool: pg.Pool;
  let store: IdempotencyStore;
  beforeAll(async () => {
    server = await postgres();
    pool = new pg.Pool({ connectionString: server.url, max: 20 });
    // The pool's end does not wait for its connections to end, and the server stops right after it.
    pool.on('error', () => {});
    // Twice, like a deployment that runs it each time.
    for (let time = 0; time < 2; time++) await pool.query(postgresTable());
    store = postgresStore(pool);
  }, 120_000);
  afterAll(async () => {
    await pool?.end();
    await server?.[Symbol.asyncDispose]();
  });

  for (const { name, run } of conformance({ store: () => store })) test(name, run);

  test(`${RUNS} random histories match the model`, { timeout: 600_000 }, () => agreesWithModel(store, RUNS));

  test('an operation is one statement', async () => {
    const query = vi.fn((sql: string, values: unknown[]) => pool.query(sql, values));
    const counted = postgresStore({ query });
    await counted.claim('counted', claim);
    await counted.claim('counted', { ...claim, owner: 'b' });
    await counted.extend({ key: 'counted', owner: 'a' }, 1_000);
    await counted.complete({ key: 'counted', owner: 'a' }, { state: 'completed', value: '{}' }, 1_000);
    await counted.claim('counted', claim);
    await counted.release({ key: 'counted', owner: 'a' });
    expect(query).toHaveBeenCalledTimes(6);
  });

  test('many concurrent claims of new keys are all answered, even if a row is too new to be seen', async () => {
    for (let round = 0; round < 20; round++) {
      const key = `new-${round}`;
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, owner) => store.claim(key, { ...claim, owner: String(owner) })),
      );
      const granted = answers.filter(({ state }) => state === 'granted');
      expect([granted.length, answers.filter(({ state }) => state === 'in_progress').length]).toEqual([1, 19]);
    }
  });

  test('an owner that completes twice concurrently succeeds both times', async () => {
    for (let round = 0; round < 20; round++) {
      const key = `twice-${round}`;
      await store.claim(key, claim);
      const complete = (value: string) => store.complete({ key, owner: 'a' }, { state: 'completed', value }, 1_000);
      expect(await Promise.all([complete('1'), complete('2'), complete('3')])).toEqual([true, true, true]);
    }
  });

  test('the table may have another name and schema', async () => {
    await pool.query('CREATE SCHEMA shop');
    await pool.query(postgresTable('shop.records'));
    const own = postgresStore(pool, { table: 'shop.records' });
    await store.claim('apart', claim);
    expect(await own.claim('apart', claim)).toMatchObject({ state: 'granted', attempt: 1 });
  });

  test('expired records can be deleted as the documentation says', async () => {
    await store.claim('gone', { ...claim, lease: 1, retain: 1 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await pool.query('DELETE FROM tradewind_idempotency WHERE expiry < extract(epoch FROM now()) * 1000');
    const { rows } = await pool.query("SELECT 1 FROM tradewind_idempotency WHERE key IN ('gone', 'apart')");
    expect(rows).toHaveLength(1);
  });

  describe('hostile', () => {
    test('keys are not run as SQL, and one that PostgreSQL cannot store is an error', async () => {
      const key = `'; DROP TABLE tradewind_idempotency; --`;
      expect(await store.claim(key, claim)).toMatchObject({ state: 'granted' });
      expect(await store.claim(key, { ...claim, owner: 'b' })).toMatchObject({ state: 'in_progress' });
      await expect(store.claim('a\u0000b', claim)).rejects.toThrow();
    });

    const elsewhere = (part: 'password' | 'pathname', value: string) => {
      const url = new URL(server.url);
      url[part] = value;
      return new pg.Pool({ connectionString: url.href });
    };
    test('a missing table gives an error that says what to do, for every operation', async () => {
      const lost = postgresStore(pool, { table: 'nowhere' });
      const grant = { key: 'k', owner: 'a' };
      const operations = [
        () => lost.claim('k', claim),
        () => lost.complete(grant, { state: 'completed', value: '' }, 1),
        () => lost.release(grant),
        () => lost.extend(grant, 1),
        () => postgresStore(pool, { table: 'nowhere.at_all' }).claim('k', claim),
      ];
      for (const operation of operations) {
        await expect(operation()).rejects.toMatchObject({
          code: 'unavailable',
          message: expect.stringContaining('does not exist in PostgreSQL: run the SQL of postgresTable() once'),
          cause: { code: '42P01' },
        });
      }
    });

    test('a table of something else, a read-only connection and a wrong database say what to do', async () => {
      await pool.query('CREATE TABLE other (key text)');
      await expect(postgresStore(pool, { table: 'other' }).claim('k', claim)).rejects.toThrow(
        'is not as postgresTable() makes it',
      );
      const readOnly = new pg.Pool({ connectionString: server.url, options: '-c default_transaction_read_only=on' });
      await expect(postgresStore(readOnly).claim('k', claim)).rejects.toThrow('PostgreSQL is read-only here');
      await readOnly.end();
      const nowhere = elsewhere('pathname', '/nowhere');
      await expect(postgresStore(nowhere).claim('k', claim)).rejects.toThrow('check the user, the password');
      await nowhere.end();
    });

    test('a user without rights learns which', async () => {
      await pool.query("CREATE ROLE guest LOGIN PASSWORD 'guest'");
      const guest = new URL(server.url);
      guest.username = guest.password = 'guest';
      const guests = new pg.Pool({ connectionString: guest.href });
      await expect(postgresStore(guests).claim('k', claim)).rejects.toThrow(
        'must be allowed to SELECT, INSERT and UPDATE',
      );
      await guests.end();
    });

    test('any other error is that of the client', async () => {
      await expect(store.claim('a\u0000b', claim)).rejects.not.toMatchObject({ name: 'FunctionError' });
    });
  });
});

describe('PGlite, in this process', () => {
  const database = new PGlite();
  beforeAll(async () => {
    // Twice, like a deployment that runs it each time; `query` accepts one statement only.
    for (let time = 0; time < 2; time++) await database.query(postgresTable());
    await database.exec(postgresTable('public.other_records'));
  }, 60_000);
  test('has the table and its index', async () => {
    const { rows } = await database.query("SELECT indexname FROM pg_indexes WHERE tablename = 'tradewind_idempotency'");
    expect(rows).toContainEqual({ indexname: 'tradewind_idempotency_expiry' });
  });
  test('a missing table gives an error that says what to do', async () => {
    await expect(postgresStore(database, { table: 'nowhere' }).claim('k', claim)).rejects.toThrow('postgresTable()');
  });
  afterAll(() => database.close());
  for (const { name, run } of conformance({ store: () => postgresStore(database) })) test(name, run);
});

test.each([
  ['no row', []],
  ['a row of something else', [{ answer: 'granted?' }]],
  ['a value that is no bytes', [{ answer: 'completed', value: 'text' }]],
])('an answer with %s is refused', async (_name, rows) => {
  const odd: PostgresClient = { query: async () => ({ rows }) };
  await expect(postgresStore(odd).claim('k', claim)).rejects.toMatchObject({ name: 'FunctionError' });
});

test('invalid options are refused', () => {
  expect(() => postgresStore(undefined as never)).toThrow(
    "postgresStore(...): `query` of the client (of 'pg' or PGlite)",
  );
  for (const table of ['a b', 'a.b.c', '"x"', 'x;', '']) {
    expect(() => postgresStore({ query: async () => ({ rows: [] }) }, { table })).toThrow(
      'must be a name that needs no quotes',
    );
    expect(() => postgresTable(table)).toThrow('must be a name that needs no quotes');
  }
});
