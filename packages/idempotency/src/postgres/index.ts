/**
 * Idempotency records in PostgreSQL.
 *
 * @module
 */
import { FunctionError } from '@tradewind/core';
import { checkOptions, mustBe } from '@tradewind/core/adapter';
import { explained } from '../explained.js';
import { wholeMs } from '../ms.js';
import type { ClaimAnswer, IdempotencyStore } from '../store.js';
import { ADVICE } from './advice.js';
import { CLAIM, COMPLETE, checkedTable, EXTEND, RELEASE } from './sql.js';

export { postgresTable } from './sql.js';

/** The part of a client that is used: `Pool` or `Client` of `pg`, or `PGlite`. */
export interface PostgresClient {
  query(sql: string, values: unknown[]): Promise<{ readonly rows: unknown[] }>;
}

/** Options of `postgresStore(...)`. */
export interface PostgresStoreOptions {
  /** The table that {@link postgresTable} makes, optionally with a schema. Default: `tradewind_idempotency`. */
  readonly table?: string;
}

const ONE_MEBIBYTE = 1_048_576;
/** Only a row that another statement has just written needs a further attempt. */
const MOST_LOOKS = 20;

/**
 * Stores records in PostgreSQL 12 or newer, for example if you have no Redis. Each operation is one statement and one
 * round trip, with the server's own clock, and as durable as the rest of the database.
 *
 * @param client - of `pg`, or `PGlite`. Preferably a pool, since a client runs one statement at a time.
 * @throws FunctionError `misconfigured` if `client` is not such a client, or the table's name would need quotes.
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
export function postgresStore(client: PostgresClient, options: PostgresStoreOptions = {}): IdempotencyStore {
  checkOptions('postgresStore', options, ['table']);
  mustBe('function', client?.query, "postgresStore(...): `query` of the client (of 'pg' or PGlite)");
  const name = checkedTable(options.table);
  const [claim, complete, release, extend] = [CLAIM, COMPLETE, RELEASE, EXTEND].map((sql) =>
    sql.replaceAll('$table', name),
  ) as [string, string, string, string];
  const run = async (sql: string, values: unknown[]): Promise<readonly unknown[]> => {
    try {
      return (await client.query(sql, values)).rows;
    } catch (error) {
      throw explained(error, ADVICE, (error as { readonly code?: unknown } | undefined)?.code);
    }
  };
  const done = async (sql: string, ...values: unknown[]): Promise<boolean> => (await run(sql, values)).length > 0;
  return {
    maxValue: ONE_MEBIBYTE,
    async claim(key, { owner, fingerprint, lease, retain }) {
      const values = [key, owner, fingerprint, wholeMs(lease, 0), wholeMs(retain, 1)];
      for (let look = 0; look < MOST_LOOKS; look++) {
        const rows = await run(claim, values);
        // No row: the existing one is so new that the statement could neither grant it nor see it.
        if (rows.length > 0) return toAnswer(rows[0]);
      }
      throw new FunctionError(
        'unavailable',
        'PostgreSQL could not settle a claim: too many concurrent claims of one key.',
      );
    },
    complete: ({ key, owner }, { state, value }, retain) =>
      done(complete, key, owner, state, new TextEncoder().encode(value), wholeMs(retain, 1)),
    release: ({ key, owner }) => done(release, key, owner),
    extend: ({ key, owner }, lease) => done(extend, key, owner, wholeMs(lease, 0)),
  };
}

/** `pg` returns 64-bit numbers as strings. */
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
  throw new FunctionError('internal', 'The row in PostgreSQL was not written by postgresStore(...).');
}
