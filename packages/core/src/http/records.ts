/** Names with one value or several; without a prototype, so that no name means anything of its own. */
export type MultiRecord = Readonly<Record<string, string | readonly string[]>>;

/** Gathers pairs: a name that comes once has a string, one that comes again an array. */
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

const EMPTY: MultiRecord = Object.freeze(Object.create(null));

/** A raw query string, or a form's body, as a record. */
export function parseForm(text: string): MultiRecord {
  return text === '' ? EMPTY : toRecord(new URLSearchParams(text));
}
