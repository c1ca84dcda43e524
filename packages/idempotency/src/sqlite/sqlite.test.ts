import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { virtualClock } from '@tradewind/core/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { agreesWithModel } from '../../../../test/idempotency/histories.ts';
import { conformance } from '../conformance/index.js';
import { sqliteStore } from './index.js';

const RUNS = Number(process.env.TRADEWIND_MODEL_RUNS ?? 1_000);
const folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
const file = join(folder, 'records.db');
const open = () => new DatabaseSync(file, { timeout: 5_000 });
afterAll(() => rmSync(folder, { recursive: true }));

const claim = { owner: 'a', fingerprint: 'f', lease: 1_000, retain: 1_000 };
const store = sqliteStore(open());

for (const { name, run } of conformance({ store: () => store })) test(name, run);

test(`${RUNS} random histories match the model`, { timeout: 600_000 }, () =>
  agreesWithModel(sqliteStore(new DatabaseSync(':memory:')), RUNS),
);

test('two connections to one file are one store', async () => {
  const other = sqliteStore(open());
  expect(await store.claim('shared', claim)).toMatchObject({ state: 'granted' });
  expect(await other.claim('shared', { ...claim, owner: 'b' })).toMatchObject({ state: 'in_progress' });
  await other.complete({ key: 'shared', owner: 'a' }, { state: 'completed', value: '1' }, 60_000);
  expect(await store.claim('shared', claim)).toEqual({ state: 'completed', value: '1' });
});

test('if four processes claim the same hundred keys concurrently, each key has one owner', async () => {
  const code = `
    import { DatabaseSync } from 'node:sqlite';
    import { sqliteStore } from ${JSON.stringify(join(import.meta.dirname, '../../dist/sqlite.js'))};
    const store = sqliteStore(new DatabaseSync(${JSON.stringify(file)}, { timeout: 20_000 }));
    const claim = { owner: String(process.pid), fingerprint: '', lease: 60_000, retain: 60_000 };
    let granted = 0;
    for (let key = 0; key < 100; key++) if (store.claim('raced-' + key, claim).state === 'granted') granted++;
    console.log(granted);`;
  const run = promisify(execFile);
  const each = await Promise.all(
    Array.from({ length: 4 }, () => run(process.execPath, ['--input-type=module', '--eval', code])),
  );
  expect(each.map(({ stdout }) => Number(stdout)).reduce((a, b) => a + b)).toBe(100);
});

test('expired records are deleted', async () => {
  const database = new DatabaseSync(':memory:');
  const clock = virtualClock(1);
  const some = sqliteStore(database, { clock, table: 'records' });
  for (let key = 0; key < 999; key++) some.claim(`k-${key}`, claim);
  await clock.advance(10_000);
  some.claim('last', claim);
  expect(database.prepare('SELECT count(*) AS rows FROM records').get()).toEqual({ rows: 1 });
});

describe('hostile', () => {
  test('keys are not run as SQL', async () => {
    const key = `'; DROP TABLE tradewind_idempotency; --`;
    expect(await store.claim(key, claim)).toMatchObject({ state: 'granted' });
    expect(await store.claim(key, { ...claim, owner: 'b' })).toMatchObject({ state: 'in_progress' });
  });

  test('a table of another form gives an error', () => {
    const database = new DatabaseSync(':memory:');
    database.exec("CREATE TABLE other (key TEXT, value TEXT, expiry TEXT); INSERT INTO other VALUES ('k', 'x', 1)");
    expect(() => sqliteStore(database, { table: 'other' }).claim('k', claim)).toThrow();
    // The next operation is not inside the last one's transaction.
    expect(() => database.exec('BEGIN')).not.toThrow();
  });

  test('a file that is locked gives an error, and no transaction is left open', () => {
    const holder = open();
    holder.exec('BEGIN IMMEDIATE');
    const impatient = new DatabaseSync(file);
    expect(() => sqliteStore(impatient).claim('held', claim)).toThrow('database is locked');
    holder.exec('ROLLBACK');
    expect(sqliteStore(impatient).claim('held', claim)).toMatchObject({ state: 'granted' });
  });

  test.each([
    ['nothing', undefined, {}, 'sqliteStore(...): `prepare` of the database'],
    [
      'a table that needs quotes',
      new DatabaseSync(':memory:'),
      { table: 'a b' },
      'sqliteStore(...): `table` must be a name that needs no quotes.',
    ],
  ])('%s is refused', (_name, database, options, message) => {
    expect(() => sqliteStore(database as never, options)).toThrow(message);
  });
});
