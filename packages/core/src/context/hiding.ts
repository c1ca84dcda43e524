import { toBase64 } from '../base64.js';
import { written } from './logger.js';
import type { Secrets } from './secrets.js';

/** A shorter text stands in too many others by chance. */
const SHORTEST = 5;
/** Of old values the oldest are forgotten: what is rotated every minute would make a server slower and slower. */
const MOST = 1_000;
const MASK = '[secret]';
/** Causes beyond it are cut off: a getter can make more of them without end. */
const LONGEST_CHAIN = 20;

/** Keeps what is secret, and takes it out of texts and errors. */
export function hiding(): Secrets {
  // Oldest first.
  const hidden = new Set<string>();
  // Longest first: of a text inside a longer one, what is left would still tell.
  let texts: readonly string[] = [];

  const redact = (text: string): string => {
    let clean = text;
    for (const secret of texts) if (clean.includes(secret)) clean = clean.replaceAll(secret, MASK);
    return clean;
  };
  const redactJson = (json: string): string => {
    let safe = '';
    let copied = 0;
    for (let start = json.indexOf('"'), end = 0; start !== -1; start = json.indexOf('"', end)) {
      end = endOfString(json, start);
      const text = JSON.parse(json.slice(start, end)) as string;
      const clean = redact(text);
      if (clean === text) continue;
      safe += json.slice(copied, start) + JSON.stringify(clean);
      copied = end;
    }
    return copied === 0 ? json : safe + json.slice(copied);
  };

  const clean = (value: unknown, path: readonly unknown[], replace: Replace): unknown => {
    if (typeof value === 'string') return redact(value);
    if (typeof value !== 'object' || value === null) return value;
    if (path.includes(value) || path.length > LONGEST_CHAIN) return '[circular]';
    try {
      const inside = [...path, value];
      if (isError(value)) return cleanError(value, inside, replace);
      if (Array.isArray(value)) return cleanList(value, inside, replace);
      // Whatever else an error refers to may be in use elsewhere, so it is never changed: it has a copy in its place.
      const json = written({ value });
      const safe = redactJson(json);
      return safe === json ? value : (JSON.parse(safe) as { value: unknown }).value;
    } catch {
      return '[unreadable]';
    }
  };
  const cleanList = (list: readonly unknown[], path: readonly unknown[], replace: Replace): readonly unknown[] => {
    const cleaned = list.map((item) => clean(item, path, replace));
    return cleaned.every((item, index) => item === list[index]) ? list : cleaned;
  };
  const cleanError = (error: Fields, path: readonly unknown[], replace: Replace): unknown => {
    // Each is read once: a getter may give something else each time.
    const fields = new Map<PropertyKey, unknown>();
    let isClean = true;
    for (const key of keysOf(error)) {
      try {
        const value = error[key];
        const cleaned = clean(value, path, replace);
        fields.set(key, cleaned);
        isClean &&= cleaned === value;
      } catch {
        // What cannot be read is left out.
        isClean = false;
      }
    }
    return isClean || replace(error, fields) ? error : copyOf(fields);
  };

  return {
    hide(value) {
      for (const text of textsIn(value, new Set())) {
        if (text.length < SHORTEST) continue;
        for (const form of formsOf(text)) {
          hidden.delete(form);
          hidden.add(form);
        }
      }
      for (const oldest of Array.from(hidden).slice(0, -MOST)) hidden.delete(oldest);
      texts = [...hidden].toSorted((a, b) => b.length - a.length);
    },
    redact,
    redactJson,
    scrub: (thrown) => clean(thrown, [], isReplaced),
    scrubCopy: (thrown) => clean(thrown, [], () => false),
  };
}

/** Where a string of JSON ends. By hand: a regular expression overflows its stack over some millions of escapes. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** As it stands in a query, in base64, in JSON inside a text and in JSON inside that, too. */
function formsOf(text: string): readonly string[] {
  const inJson = quoted(text);
  const base64 = toBase64(new TextEncoder().encode(text)).replace(/=+$/, '');
  return [text, encodeURIComponent(text.toWellFormed()), base64, inJson, quoted(inJson)];
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

type Fields = Record<PropertyKey, unknown>;
/** Gives an error the fields, and says whether it has taken them: one that has not is copied. */
type Replace = (error: Fields, fields: ReadonlyMap<PropertyKey, unknown>) => boolean;

/** Whether an error has taken the fields: a frozen one does not, nor one with getters, and a setter may swallow them. */
function isReplaced(error: Fields, fields: ReadonlyMap<PropertyKey, unknown>): boolean {
  try {
    for (const [key, value] of fields) if (error[key] !== value) error[key] = value;
    return [...fields].every(([key, value]) => error[key] === value);
  } catch {
    return false;
  }
}

function copyOf(fields: ReadonlyMap<PropertyKey, unknown>): Error {
  const copy = new Error();
  copy.stack = '';
  for (const [key, value] of fields) {
    Object.defineProperty(copy, key, { value, writable: true, configurable: true, enumerable: !OWN.includes(key) });
  }
  return copy;
}

/** What every error has, be it its own or its class's. */
const OWN: readonly PropertyKey[] = ['name', 'message', 'stack', 'cause'];

function keysOf(error: Fields): Iterable<PropertyKey> {
  return new Set([...OWN.filter((key) => key in error), ...Reflect.ownKeys(error)]);
}

/** By its stack, since one of another realm is no instance of this one's. */
function isError(value: object): value is Fields {
  return value instanceof Error || typeof (value as Partial<Error>).stack === 'string';
}

/** Every text in a value, without the blanks around it, which a schema may take off. */
function textsIn(value: unknown, seen: Set<unknown>): string[] {
  if (typeof value === 'string') return [value.trim(), ...textsInJson(value, seen)];
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  if (value instanceof Uint8Array) return textsIn(new TextDecoder().decode(value), seen);
  return Object.values(value).flatMap((part) => textsIn(part, seen));
}

function textsInJson(text: string, seen: Set<unknown>): string[] {
  if (!/^\s*[[{]/.test(text)) return [];
  try {
    return textsIn(JSON.parse(text), seen);
  } catch {
    return [];
  }
}
