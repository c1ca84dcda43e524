/**
 * Idempotency records in an SQLite file.
 *
 * @module
 */
import { type Clock, FunctionError, systemClock } from '@tradewind/core';
import { checkOptions, misconfigured, mustBe } from '@tradewind/core/adapter';
import { wholeMs } from '../ms.js';
import { claimed, completed, extended, type IdempotencyRecord, released } from '../record.js';
import type { IdempotencyStore } from '../store.js';
import { explainedBy, isTableMissing, OTHER_TABLE } from './advice.js';

/**
 * The part of a database that is used: `DatabaseSync` of `node:sqlite`, or one like it (`better-sqlite3`,
 * `bun:sqlite`).
 */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
}

/** The part of a statement that is used. */
export interface SqliteStatement {
  get(...values: (string | number)[]): unknown;
  run(...values: (string | number | Uint8Array)[]): unknown;
}

/** Options of `sqliteStore(...)`. */
export interface SqliteStoreOptions {
  /** The table, which is created if it does not exist. Default: `tradewind_idempotency`. */
  readonly table?: string;
  /** For tests. Default: the real time. */
  readonly clock?: Clock;
}

const ONE_MEBIBYTE = 1_048_576;
/** After so many writes, expired records are deleted. */
const SWEEP_AFTER = 1_000;

/**
 * Stores records in an SQLite file: durable, for one machine, with nothing else to run. Any number of processes may
 * share the file; give the connection a `timeout`, so that one waits for another. Each operation is a transaction.
 *
 * @throws FunctionError `misconfigured` if `database` is not such a database, or the table's name would need quotes.
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
export function sqliteStore(database: SqliteDatabase, options: SqliteStoreOptions = {}): IdempotencyStore {
  checkOptions('sqliteStore', options, ['table', 'clock']);
  const { table = 'tradewind_idempotency', clock = systemClock } = options;
  mustBe('function', database?.prepare, "sqliteStore(...): `prepare` of the database (of 'node:sqlite')");
  if (!/^[a-z_]\w*$/i.test(table))
    throw misconfigured('sqliteStore(...): `table` must be a name that needs no quotes.');

  let ready: Table | undefined;
  let untilSweep = SWEEP_AFTER;
  /** One atomic step, by the clock of the machine that has the file. */
  const atomically = <T extends { readonly record?: IdempotencyRecord }>(
    { read, write, sweep }: Table,
    key: string,
    change: (found: IdempotencyRecord | undefined, now: number) => T,
  ): T => {
    // Locked for writing from the start: two that have only read could not both go on to write.
    database.exec('BEGIN IMMEDIATE');
    try {
      const now = Math.floor(clock.now());
      const result = change(toRecord(read.get(key)), now);
      if (result.record) write.run(key, ...toRow(result.record));
      if (result.record && --untilSweep === 0) {
        untilSweep = SWEEP_AFTER;
        sweep.run(now);
      }
      database.exec('COMMIT');
      return result;
    } catch (error) {
      rollBack(database);
      throw error;
    }
  };
  const step = <T extends { readonly record?: IdempotencyRecord }>(
    key: string,
    change: (found: IdempotencyRecord | undefined, now: number) => T,
  ): T => {
    const isFirst = ready === undefined;
    try {
      ready ??= tableOf(database, table);
      return atomically(ready, key, change);
    } catch (error) {
      // If somebody has dropped the table since it was made, it is made again.
      if (isFirst || !isTableMissing(error)) throw explainedBy(error);
      ready = undefined;
      return step(key, change);
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

/** The value is stored as bytes, so that it may contain any character. */
function toRow(record: IdempotencyRecord): (string | number | Uint8Array)[] {
  const { state, fingerprint, owner, fence, attempt, takeover, leaseEnd, expiry, value } = record;
  // Node 22 binds the encoder's own empty array as NULL.
  const bytes = value === '' ? new Uint8Array() : new TextEncoder().encode(value);
  return [state, fingerprint, owner, fence, attempt, Number(takeover), leaseEnd, expiry, bytes];
}

function toRecord(row: unknown): IdempotencyRecord | undefined {
  if (row === undefined || row === null) return undefined;
  const { state, fingerprint, owner, fence, attempt, takeover, lease_end, expiry, value } = row as Record<
    string,
    unknown
  >;
  if (!(value instanceof Uint8Array) || typeof lease_end !== 'number') {
    throw new FunctionError('internal', OTHER_TABLE);
  }
  return {
    ...({ state, fingerprint, owner, fence, attempt, expiry } as IdempotencyRecord),
    takeover: takeover === 1,
    leaseEnd: lease_end,
    value: new TextDecoder().decode(value),
  };
}

/** Rolls back. A failure of that must not hide the original error. */
function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back already.
  }
}
