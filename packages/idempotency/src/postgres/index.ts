/**
 * Idempotency records in PostgreSQL.
 *
 * @module
 */
import { FunctionError } from '@tradewind/core';
import { mustBe } from '@tradewind/core/adapter';
import { wholeMs } from '../ms.js';
import type { ClaimAnswer, IdempotencyStore } from '../store.js';
import { CLAIM, COMPLETE, checkedTable, EXTEND, RELEASE } from './sql.js';

export { postgresTable } from './sql.js';

/** What is used of a client: `Pool` or `Client` of `pg`, or `PGlite`. */
export interface PostgresClient {
  query(sql: string, values: unknown[]): Promise<{ readonly rows: unknown[] }>;
}

/** What `postgresStore(...)` is given. */
export interface PostgresStoreOptions {
  /** The table, as {@link postgresTable} makes it; with a schema before a dot, if need be. Default: `tradewind_idempotency`. */
  readonly table?: string;
}

const ONE_MEBIBYTE = 1_048_576;
/** Only a row that another statement has just written asks for one more. */
const MOST_LOOKS = 20;

/**
 * Records in PostgreSQL 12 or newer: for whoever has it, and no Redis. One statement an operation, one round trip, by the
 * server's own clock; as durable as everything else there.
 *
 * @param client - of `pg`, or `PGlite`. A pool, since a client does one statement after the other.
 * @throws FunctionError `misconfigured` for what is no client, or a name of a table that would need quotes.
 * @example
 * ```ts
 * import { defineFunction, queue } from '@tradewind/core';
 * import { idempotency } from '@tradewind/idempotency';
 * import { postgresStore } from '@tradewind/idempotency/postgres';
 * import { Pool } from 'pg';
 *
 * const store = postgresStore(new Pool({ max: 5, connectionTimeoutMillis: 2_000 }));
 * export const charge = defineFunction('charge', queue({ queue: 'orders' }))
 *   .use(idempotency({ store }))
 *   .handle(({ id }, { log }) => log.info('Charging.', { id }));
 * ```
 */
export function postgresStore(client: PostgresClient, { table }: PostgresStoreOptions = {}): IdempotencyStore {
  mustBe('function', client?.query, "The client of postgresStore(...), one of 'pg' or PGlite: its query");
  const name = checkedTable(table);
  const [claim, complete, release, extend] = [CLAIM, COMPLETE, RELEASE, EXTEND].map((sql) =>
    sql.replaceAll('$table', name),
  ) as [string, string, string, string];
  const done = async (sql: string, ...values: unknown[]): Promise<boolean> =>
    (await client.query(sql, values)).rows.length > 0;
  return {
    maxValue: ONE_MEBIBYTE,
    async claim(key, { owner, fingerprint, lease, retain }) {
      const values = [key, owner, fingerprint, wholeMs(lease, 0), wholeMs(retain, 1)];
      for (let look = 0; look < MOST_LOOKS; look++) {
        const { rows } = await client.query(claim, values);
        // None: the row is so new that the statement could not give it away, and did not see it either.
        if (rows.length > 0) return toAnswer(rows[0]);
      }
      throw new FunctionError(
        'unavailable',
        'PostgreSQL has not settled a claim: too many are made of its key at once.',
      );
    },
    complete: ({ key, owner }, { state, value }, retain) =>
      done(complete, key, owner, state, new TextEncoder().encode(value), wholeMs(retain, 1)),
    release: ({ key, owner }) => done(release, key, owner),
    extend: ({ key, owner }, lease) => done(extend, key, owner, wholeMs(lease, 0)),
  };
}

/** Numbers of 64 bits come as texts from `pg`. */
function toAnswer(row: unknown): ClaimAnswer {
  const { answer, fence, attempt, takeover, remaining, value } = row as Readonly<Record<string, unknown>>;
  switch (answer) {
    case 'granted':
      return { state: answer, fence: Number(fence), attempt: Number(attempt), takeover: takeover === true };
    case 'in_progress':
      return { state: answer, remaining: Number(remaining) };
    case 'mismatch':
      return { state: answer };
    case 'completed':
    case 'failed':
    case 'unknown':
      if (value instanceof Uint8Array) return { state: answer, value: new TextDecoder().decode(value) };
  }
  throw new FunctionError('internal', 'PostgreSQL answered a claim with no row that this package has written.');
}
