import { FunctionError } from '../errors.js';

/** Names with one or several values. It has no prototype, so no name has a special meaning. */
export type MultiRecord = Readonly<Record<string, string | readonly string[]>>;

/** Collects pairs: a name that occurs once has a string, one that occurs several times an array. */
function toRecord(pairs: Iterable<readonly [string, string]>): MultiRecord {
  const record: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of pairs) {
    const before = record[name];
    if (before === undefined) record[name] = value;
    else if (typeof before === 'string') record[name] = [before, value];
    else before.push(value);
  }
  return record;
}

/** No names: of a query without parameters, or a path. */
export const EMPTY: Readonly<Record<string, never>> = Object.freeze(Object.create(null));

/** As in Go and Tomcat. Node's parser takes quadratic time for pairs without a `=`. */
const MOST_PAIRS = 10_000;

/**
 * Parses a raw query string, or the body of a form.
 *
 * @throws FunctionError `bad_request` for more than 10,000 pairs.
 */
export function parseForm(text: string): MultiRecord {
  if (text === '') return EMPTY;
  if (text.split('&', MOST_PAIRS + 1).length > MOST_PAIRS) {
    throw new FunctionError('bad_request', `A query or form of more than ${MOST_PAIRS} pairs is not accepted.`);
  }
  return toRecord(new URLSearchParams(text));
}
