import { misconfigured } from '@tradewind/core/adapter';

const NOW = 'floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

/** Whether a record may be granted: it has expired, or it has the same fingerprint and is free or the owner's own. */
const grantable = (now: string): string =>
  `(r.expiry <= ${now} OR (r.fingerprint = $3 AND (r.state = 'released' OR
    (r.state = 'in_progress' AND (r.owner = $2 OR r.lease_end <= ${now})))))`;
const OWN = "(r.state = 'in_progress' AND r.owner = $2)";

/**
 * `excluded.fence` is the time at which the statement began. If it had to wait for another statement, its lease is that
 * much shorter, and nobody else's gets longer. A record that is not granted is read as of that time; a row that was
 * added later is seen by neither part.
 */
export const CLAIM: string = `WITH clock AS (SELECT ${NOW} AS now), granted AS (
  INSERT INTO $table AS r (key, state, fingerprint, owner, fence, attempt, takeover, lease_end, expiry, value)
  SELECT $1, 'in_progress', $3, $2, now, 1, false, now + $4::bigint, now + $4::bigint + $5::bigint, ''::bytea FROM clock
  ON CONFLICT (key) DO UPDATE SET
    state = 'in_progress', fingerprint = $3, owner = $2, value = ''::bytea,
    lease_end = excluded.lease_end, expiry = excluded.expiry,
    fence = CASE WHEN r.expiry > excluded.fence AND ${OWN} THEN r.fence ELSE greatest(r.fence + 1, excluded.fence) END,
    attempt = CASE WHEN r.expiry <= excluded.fence THEN 1 WHEN ${OWN} THEN r.attempt ELSE r.attempt + 1 END,
    takeover = r.expiry > excluded.fence AND (r.takeover OR (r.state = 'in_progress' AND NOT ${OWN}))
  WHERE ${grantable('excluded.fence')}
  RETURNING r.fence, r.attempt, r.takeover)
SELECT 'granted' AS answer, fence, attempt, takeover, 0 AS remaining, NULL::bytea AS value FROM granted
UNION ALL
SELECT CASE WHEN r.fingerprint <> $3 THEN 'mismatch' ELSE r.state END, 0, 0, false, r.lease_end - now, r.value
FROM $table r, clock WHERE r.key = $1 AND NOT ${grantable('now')} AND NOT EXISTS (SELECT FROM granted)`;

/** Completing again writes the same values: a second statement would not see what the first one is writing. */
export const COMPLETE: string = `UPDATE $table SET
  state = CASE state WHEN 'in_progress' THEN $3 ELSE state END,
  value = CASE state WHEN 'in_progress' THEN $4::bytea ELSE value END,
  expiry = CASE state WHEN 'in_progress' THEN ${NOW} + $5::bigint ELSE expiry END
WHERE key = $1 AND owner = $2 AND state <> 'released' AND expiry > ${NOW} RETURNING 1`;

/** Releasing again counts as done too. */
export const RELEASE: string = `UPDATE $table SET state = 'released'
WHERE key = $1 AND owner = $2 AND state IN ('in_progress', 'released') AND expiry > ${NOW} RETURNING 1`;

/** Keeps the part of the retention that follows the lease. */
export const EXTEND: string = `UPDATE $table SET expiry = ${NOW} + $3::bigint + (expiry - lease_end), lease_end = ${NOW} + $3::bigint
WHERE key = $1 AND owner = $2 AND state = 'in_progress' AND expiry > ${NOW} RETURNING 1`;

const DEFAULT_TABLE = 'tradewind_idempotency';

/** @throws FunctionError `misconfigured` for a name that would need quotes. */
export function checkedTable(table: string = DEFAULT_TABLE): string {
  if (/^([a-z_]\w*\.)?[a-z_]\w*$/i.test(table)) return table;
  throw misconfigured(
    'The `table` of PostgreSQL idempotency records must be a name that needs no quotes, optionally with a schema.',
  );
}

/**
 * Returns the SQL that creates the table, for a migration. It can be run again without effect. It is one statement,
 * because some clients, such as `query` of PGlite, accept no more.
 *
 * @param table - Default: `tradewind_idempotency`.
 * @throws FunctionError `misconfigured` for a name that would need quotes.
 * @example
 * ```ts
 * import { postgresTable } from '@tradewind/idempotency/postgres';
 * import { Pool } from 'pg';
 *
 * await new Pool().query(postgresTable());
 * ```
 */
export function postgresTable(table?: string): string {
  const name = checkedTable(table);
  return `DO $$ BEGIN
  CREATE TABLE IF NOT EXISTS ${name} (
    key text PRIMARY KEY,
    state text NOT NULL,
    fingerprint text NOT NULL,
    owner text NOT NULL,
    fence bigint NOT NULL,
    attempt integer NOT NULL,
    takeover boolean NOT NULL,
    lease_end bigint NOT NULL,
    expiry bigint NOT NULL,
    value bytea NOT NULL
  );
  CREATE INDEX IF NOT EXISTS ${name.replace('.', '_')}_expiry ON ${name} (expiry);
END $$;`;
}
