import { describe, isBytes, isError, scrubbed } from '@tradewind/core/adapter';
import { MOST_NAMES, type Redaction, type Ways, withoutQueryCredentials } from './redaction.js';

const MASK = '"[redacted]"';
/** Deeper values are cut off. */
const DEEPEST = 20;
/** In entries: longer lists and objects are cut off. */
const LONGEST = 1_000;
/** In characters: longer texts are cut off. */
const LONGEST_TEXT = 32_768;
/** In characters, of all names and texts of a line: Google Cloud refuses lines of more than 256 KB. */
const MOST_TEXT = 200_000;
/** In characters: longer names are not cached. */
const LONGEST_NAME = 256;
/** The most values in a line, however they are nested. */
const MOST_VALUES = 10_000;

/** The field's name, with `_` appended until neither its line nor another field has it: no field replaces another. */
export function freeName(name: string, members: object, reserved: ReadonlySet<string>): string {
  let free = name;
  while (reserved.has(free) || (free !== name && Object.hasOwn(members, free))) free += '_';
  return free;
}

/** Writes values as JSON, with redaction. It never throws. */
export class Writer {
  readonly #redaction: Redaction;
  readonly #keys = new Map<string, string>();

  /** The objects that contain the value being written. */
  readonly #path: object[] = [];
  #left = 0;
  /** The number of characters that the line may still have. */
  #room = 0;

  constructor(redaction: Redaction) {
    this.#redaction = redaction;
  }

  /**
   * An object's members, without the braces: the fields of a line.
   *
   * @param reserved - names that the line has already: a field with such a name is renamed, for example to `time_`.
   */
  fields(members: object, reserved: ReadonlySet<string>): string {
    this.#left = MOST_VALUES;
    this.#room = MOST_TEXT;
    this.#path.length = 0;
    try {
      return this.#members(isError(members) ? { error: members } : members, this.#redaction.start, 0, reserved);
    } catch {
      return '"unreadable":true';
    }
  }

  /** A message as text, whatever it is: JavaScript callers may pass anything. */
  text(message: unknown): string {
    this.#room = MOST_TEXT;
    return this.#cut(withoutQueryCredentials(typeof message === 'string' ? message : textOf(message)));
  }

  /** A copy of the fields whose names can be read; empty if they cannot. */
  copied(fields: unknown): Readonly<Record<string, unknown>> {
    try {
      return isError(fields) ? { error: fields } : { ...(fields as object) };
    } catch {
      return {};
    }
  }

  /** @returns undefined for what JSON omits: undefined, functions, symbols. */
  #value(value: unknown, ways: Ways, depth: number): string | undefined {
    if (--this.#left < 0) return '"[cut off]"';
    switch (typeof value) {
      case 'string':
        return JSON.stringify(this.#cut(withoutQueryCredentials(value)));
      case 'number':
        return Number.isFinite(value) ? String(value) : 'null';
      case 'boolean':
        return value ? 'true' : 'false';
      case 'bigint':
        return `"${value}"`;
      case 'object':
        return value === null ? 'null' : this.#object(value, ways, depth);
      default:
        return undefined;
    }
  }

  #cut(text: string): string {
    const most = Math.max(0, Math.min(LONGEST_TEXT, this.#room));
    this.#room -= text.length;
    if (text.length <= most) return text;
    if (most === 0) return '[cut off]';
    // Before cutting: half of a secret would not be recognised later.
    const clean = scrubbed(text) as string;
    return clean.length <= most ? clean : `${clean.slice(0, most)}… [cut off]`;
  }

  #object(value: object, ways: Ways, depth: number): string | undefined {
    if (depth > DEEPEST) return '"[too deep]"';
    if (this.#path.includes(value)) return '"[circular]"';
    this.#path.push(value);
    try {
      return this.#inside(value, ways, depth);
    } finally {
      this.#path.pop();
    }
  }

  #inside(value: object, ways: Ways, depth: number): string | undefined {
    if (Array.isArray(value)) return this.#list(value, ways, depth);
    // Bytes are not readable in a log, and a Buffer would be a list of numbers.
    if (isBytes(value)) return `"[${value.byteLength} bytes]"`;
    // An error's stack and message are not enumerable.
    if (isError(value)) return `{${this.#members(errorMembers(value), ways, depth)}}`;
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === 'function') return this.#value(toJSON.call(value), ways, depth + 1);
    if (value instanceof Map) return `{${this.#members(Object.fromEntries(first(value)), ways, depth)}}`;
    if (value instanceof Set) return this.#list([...first(value)], ways, depth);
    return `{${this.#members(value, ways, depth)}}`;
  }

  #list(list: readonly unknown[], ways: Ways, depth: number): string {
    const parts: string[] = [];
    for (let at = 0; at < Math.min(list.length, LONGEST); at++) {
      const left = this.#isHidden(list, at) || (ways.length === 0 ? ways : this.#redaction.into(String(at), ways));
      parts.push(left === true ? MASK : (this.#member(list, at, left, depth) ?? 'null'));
    }
    if (list.length > LONGEST) parts.push(`"[${list.length - LONGEST} more]"`);
    return `[${parts.join(',')}]`;
  }

  /** Whether an entry is the value of a redacted name, in a pair or in raw headers (alternating names and values). */
  #isHidden(list: readonly unknown[], at: number): boolean {
    try {
      return at % 2 === 1 && this.#redaction.isName(list[at - 1]);
    } catch {
      return false;
    }
  }

  #members(members: object, ways: Ways, depth: number, reserved?: ReadonlySet<string>): string {
    let text = '';
    let count = 0;
    for (const name of Object.keys(members)) {
      if (count++ === LONGEST || this.#room < 0) return `${text && `${text},`}"…":"[cut off]"`;
      const left = this.#redaction.into(name, ways);
      const written = left === true ? MASK : this.#member(members, name, left, depth);
      if (written === undefined) continue;
      const own = reserved?.has(name) ? freeName(name, members, reserved) : name;
      text += `${text && ','}${this.#key(own)}${written}`;
    }
    return text;
  }

  /** A getter or a toJSON may throw, and so may any access to a proxy. */
  #member(owner: object, name: string | number, ways: Ways, depth: number): string | undefined {
    try {
      return this.#value((owner as Record<string | number, unknown>)[name], ways, depth + 1);
    } catch {
      return '"[unreadable]"';
    }
  }
  /** There are few names, and they repeat on every line. */
  #key(name: string): string {
    const known = this.#keys.get(name);
    if (known !== undefined) {
      this.#room -= name.length;
      return known;
    }
    const key = `${JSON.stringify(this.#cut(name))}:`;
    if (this.#keys.size < MOST_NAMES && name.length <= LONGEST_NAME) this.#keys.set(name, key);
    return key;
  }
}

function textOf(message: unknown): string {
  for (const read of [String, (value: unknown) => `[${describe(value)}]`]) {
    try {
      return read(message);
    } catch {
      // A proxy may throw in both.
    }
  }
  return '[unreadable]';
}

/** As many values as are written, and one more. */
function* first<T>(values: Iterable<T>): Generator<T, void, undefined> {
  let count = 0;
  for (const value of values) {
    if (count++ > LONGEST) return;
    yield value;
  }
}

function errorMembers(error: Error & { readonly code?: unknown; readonly errors?: unknown }): object {
  const { name, code, message, stack, cause, errors } = error;
  return { name, code, message, stack, cause, errors };
}
