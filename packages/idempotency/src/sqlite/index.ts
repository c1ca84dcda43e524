/**
 * Idempotency records in a file, by SQLite.
 *
 * @module
 */
import { type Clock, FunctionError, systemClock } from '@tradewind/core';
import { misconfigured, mustBe } from '@tradewind/core/adapter';
import { wholeMs } from '../ms.js';
import { claimed, completed, extended, type IdempotencyRecord, released } from '../record.js';
import type { IdempotencyStore } from '../store.js';

/** What is used of a database: `DatabaseSync` of `node:sqlite`, or one that is like it (`better-sqlite3`, `bun:sqlite`). */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
}

/** What is used of a statement. */
export interface SqliteStatement {
  get(...values: (string | number)[]): unknown;
  run(...values: (string | number | Uint8Array)[]): unknown;
}

/** What `sqliteStore(...)` is given. */
export interface SqliteStoreOptions {
  /** Made when it is not there. Default: `tradewind_idempotency`. */
  readonly table?: string;
  /** For tests. Default: the real time. */
  readonly clock?: Clock;
}

const ONE_MEBIBYTE = 1_048_576;
/** Of so many records that were written, one looks for what has expired. */
const SWEEP_AFTER = 1_000;

/**
 * Records in a SQLite file: durable, with nothing to run beside the function, for one machine. Any number of processes may
 * share the file; give the connection a `timeout`, so that one waits for the other. Each operation is a transaction.
 *
 * @throws FunctionError `misconfigured` for what is no database, or a name of a table that would need quotes.
 * @example
 * ```ts
 * import { DatabaseSync } from 'node:sqlite';
 * import { defineFunction, queue } from '@tradewind/core';
 * import { idempotency } from '@tradewind/idempotency';
 * import { sqliteStore } from '@tradewind/idempotency/sqlite';
 *
 * const store = sqliteStore(new DatabaseSync('idempotency.db', { timeout: 1_000 }));
 * export const charge = defineFunction('charge', queue({ queue: 'orders' }))
 *   .use(idempotency({ store }))
 *   .handle(({ id }, { log }) => log.info('Charging.', { id }));
 * ```
 */
export function sqliteStore(
  database: SqliteDatabase,
  { table = 'tradewind_idempotency', clock = systemClock }: SqliteStoreOptions = {},
): IdempotencyStore {
  mustBe('function', database?.prepare, "The database of sqliteStore(...), one of 'node:sqlite': its prepare");
  if (!/^[a-z_]\w*$/i.test(table)) throw misconfigured('The table of sqliteStore(...) is no name without quotes.');

  let ready: Table | undefined;
  let untilSweep = SWEEP_AFTER;
  /** One atomic step, by the clock of the machine that has the file. */
  const step = <T extends { readonly record?: IdempotencyRecord }>(
    key: string,
    change: (found: IdempotencyRecord | undefined, now: number) => T,
  ): T => {
    ready ??= tableOf(database, table);
    const { read, write, sweep } = ready;
    // Taken for writing from the start: two that have read cannot both go on to write.
    database.exec('BEGIN IMMEDIATE');
    try {
      const now = Math.floor(clock.now());
      const changed = change(toRecord(read.get(key)), now);
      if (changed.record) write.run(key, ...toRow(changed.record));
      if (changed.record && --untilSweep === 0) {
        untilSweep = SWEEP_AFTER;
        sweep.run(now);
      }
      database.exec('COMMIT');
      return changed;
    } catch (error) {
      rollBack(database);
      throw error;
    }
  };
  return {
    maxValue: ONE_MEBIBYTE,
    claim: (key, { lease, retain, ...claim }) =>
      step(key, (found, now) => claimed(found, { ...claim, lease: wholeMs(lease, 0), retain: wholeMs(retain, 1) }, now))
        .answer,
    complete: ({ key, owner }, outcome, retain) =>
      step(key, (found, now) => completed(found, owner, outcome, wholeMs(retain, 1), now)).done,
    release: ({ key, owner }) => step(key, (found, now) => released(found, owner, now)).done,
    extend: ({ key, owner }, lease) => step(key, (found, now) => extended(found, owner, wholeMs(lease, 0), now)).done,
  };
}

interface Table {
  readonly read: SqliteStatement;
  readonly write: SqliteStatement;
  readonly sweep: SqliteStatement;
}

function tableOf(database: SqliteDatabase, table: string): Table {
  database.exec(
    `CREATE TABLE IF NOT EXISTS ${table} (key TEXT PRIMARY KEY, state TEXT NOT NULL, fingerprint TEXT NOT NULL,
      owner TEXT NOT NULL, fence INTEGER NOT NULL, attempt INTEGER NOT NULL, takeover INTEGER NOT NULL,
      lease_end INTEGER NOT NULL, expiry INTEGER NOT NULL, value BLOB NOT NULL) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS ${table}_expiry ON ${table} (expiry)`,
  );
  return {
    read: database.prepare(`SELECT * FROM ${table} WHERE key = ?`),
    write: database.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    sweep: database.prepare(`DELETE FROM ${table} WHERE expiry <= ?`),
  };
}

/** As bytes, a value may have any character in it. */
function toRow(record: IdempotencyRecord): (string | number | Uint8Array)[] {
  const { state, fingerprint, owner, fence, attempt, takeover, leaseEnd, expiry, value } = record;
  const bytes = new TextEncoder().encode(value);
  return [state, fingerprint, owner, fence, attempt, Number(takeover), leaseEnd, expiry, bytes];
}

function toRecord(row: unknown): IdempotencyRecord | undefined {
  if (row === undefined || row === null) return undefined;
  const { state, fingerprint, owner, fence, attempt, takeover, lease_end, expiry, value } = row as Record<
    string,
    unknown
  >;
  if (!(value instanceof Uint8Array) || typeof lease_end !== 'number') {
    throw new FunctionError('internal', 'SQLite holds a table of another form: sqliteStore(...) wants one of its own.');
  }
  return {
    ...({ state, fingerprint, owner, fence, attempt, expiry } as IdempotencyRecord),
    takeover: takeover === 1,
    leaseEnd: lease_end,
    value: new TextDecoder().decode(value),
  };
}

/** What broke is the error to tell, and not that nothing was begun. */
function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself.
  }
}
