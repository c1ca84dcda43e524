import { type Advice, explained } from '../explained.js';

const LOCKED =
  'The SQLite database is locked by another connection: open it with a `timeout`, such as new DatabaseSync(file, { timeout: 1_000 }), so that one waits for another.';
/** For a table of something else. */
export const OTHER_TABLE = 'The table in SQLite was not made by sqliteStore(...): use a table of its own.';
const ADVICE: Advice = {
  OTHER_TABLE,
  BUSY: LOCKED,
  LOCKED,
  READONLY: 'The SQLite file is read-only: open it for writing, in a folder in which the process may write too.',
  CANTOPEN: 'The SQLite file cannot be opened: the process must be allowed to write in its folder.',
  FULL: 'The disk of the SQLite file is full.',
};
/** @see https://www.sqlite.org/rescode.html */
const CODES: Readonly<Record<number, string>> = { 5: 'BUSY', 6: 'LOCKED', 8: 'READONLY', 13: 'FULL', 14: 'CANTOPEN' };

/** An error of SQLite, with advice if it is a common mistake in the set-up. */
export function explainedBy(error: unknown): unknown {
  const { errcode, code, message } = (error ?? {}) as { errcode?: unknown; code?: unknown; message?: unknown };
  if (/^no such column|^table \w+ has \d+ columns/.test(String(message)))
    return explained(error, ADVICE, 'OTHER_TABLE');
  // A number in node:sqlite, a name elsewhere. Both may be an extended code.
  const name = /^SQLITE_([A-Z]+)/.exec(String(code))?.[1];
  return explained(error, ADVICE, typeof errcode === 'number' ? CODES[errcode & 0xff] : name);
}

/** Whether the table does not exist. */
export function isTableMissing(error: unknown): boolean {
  return /^no such table/.test(String((error as Partial<Error> | undefined)?.message));
}
