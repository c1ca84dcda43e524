import type { Advice } from '../explained.js';

const OTHER_TABLE =
  'The table of idempotency records in PostgreSQL is not as postgresTable() makes it: give the records a table of their own, and run the SQL of postgresTable().';
const NO_LOGIN =
  'PostgreSQL refused the login: check the user, the password and the database in the connection string.';
/**
 * By SQLSTATE.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export const ADVICE: Advice = {
  '42P01':
    'The table of idempotency records does not exist in PostgreSQL: run the SQL of postgresTable() once, for example in a migration, and pass its name as `table` if it is not the default.',
  '42501': 'The PostgreSQL user must be allowed to SELECT, INSERT and UPDATE the table of idempotency records.',
  '42703': OTHER_TABLE,
  '42804': OTHER_TABLE,
  '42P10': OTHER_TABLE,
  '25006': 'PostgreSQL is read-only here, as a replica is: connect to the primary.',
  '28000': NO_LOGIN,
  '28P01': NO_LOGIN,
  '3D000': NO_LOGIN,
};
