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

/** Parses a raw query string, or the body of a form. */
export function parseForm(text: string): MultiRecord {
  return text === '' ? EMPTY : toRecord(new URLSearchParams(text));
}
