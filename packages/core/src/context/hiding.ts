import { toBase64 } from '../base64.js';
import { written } from './logger.js';
import type { Secrets } from './secrets.js';

/** Shorter texts appear in other texts by chance. */
const SHORTEST = 5;
/** Beyond this number, the oldest values are forgotten: frequent rotation would make a server slower and slower. */
const MOST = 2_000;
const MASK = '[secret]';
/** Further causes are cut off: a getter can return new ones without end. */
const LONGEST_CHAIN = 20;

/** Stores secrets, and removes them from texts and errors. */
export function hiding(): Secrets {
  // Oldest first.
  const hidden = new Set<string>();
  // Longest first: if a secret contains another one, replacing the shorter one first would leave a part of it readable.
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
      // Other objects may be in use elsewhere, so they are never changed: a copy takes their place.
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
    // Each field is read once: a getter may return a different value each time.
    const fields = new Map<PropertyKey, unknown>();
    let isClean = true;
    for (const key of keysOf(error)) {
      try {
        const value = error[key];
        const cleaned = clean(value, path, replace);
        fields.set(key, cleaned);
        isClean &&= cleaned === value;
      } catch {
        // A field that cannot be read is left out.
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

/** The end of a JSON string. Not a regular expression: that overflows the stack with some millions of escapes. */
function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** The forms of a secret: as it is, in URLs and forms, in base64, in JSON text and in JSON inside JSON text. */
function formsOf(text: string): readonly string[] {
  const inJson = quoted(text);
  const base64 = toBase64(new TextEncoder().encode(text)).replace(/=+$/, '');
  return [text, ...inUrls(text.toWellFormed()), base64, inJson, quoted(inJson)];
}

/** The spellings of a text in URLs and forms: each has its own set of characters that it leaves as they are. */
function inUrls(text: string): readonly string[] {
  const component = encodeURIComponent(text);
  // As RFC 3986 reserves them: in signed requests, and by clients in other languages.
  const strict = component.replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
  const [form, strictForm] = [new URLSearchParams([['', text]]).toString().slice(1), strict.replaceAll('%20', '+')];
  const url = new URL(`http://a/?${text}`);
  const parsed = url.href.slice('http://a/?'.length);
  url.search = text.startsWith('?') ? `?${text}` : text;
  const assigned = url.search.slice(1);
  const spellings = [component, strict, form, strictForm, parsed, assigned, encodeURI(text)];
  return spellings.flatMap((one) => [one, one.replace(/%[\dA-F]{2}/g, (hex) => hex.toLowerCase())]);
}

function quoted(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

type Fields = Record<PropertyKey, unknown>;
/** Replaces the fields of an error. False if it did not: the error is then copied. */
type Replace = (error: Fields, fields: ReadonlyMap<PropertyKey, unknown>) => boolean;

/**
 * Replaces the fields of an error. False if that fails: it may be frozen, or have getters, or setters that ignore it.
 */
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

/** The fields that every error has, own or inherited. */
const OWN: readonly PropertyKey[] = ['name', 'message', 'stack', 'cause'];

function keysOf(error: Fields): Iterable<PropertyKey> {
  return new Set([...OWN.filter((key) => key in error), ...Reflect.ownKeys(error)]);
}

/** Checks the stack too, because an error of another realm is not an instance of this realm's Error. */
function isError(value: object): value is Fields {
  return value instanceof Error || typeof (value as Partial<Error>).stack === 'string';
}

/** All texts in a value, without surrounding whitespace and byte order marks, which a schema may remove. */
function textsIn(value: unknown, seen: Set<unknown>): string[] {
  if (typeof value === 'string') {
    const text = value.trim();
    return [text, ...textsInJson(text, seen)];
  }
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  if (value instanceof Uint8Array) return textsIn(new TextDecoder().decode(value), seen);
  return Object.values(value).flatMap((part) => textsIn(part, seen));
}

function textsInJson(text: string, seen: Set<unknown>): string[] {
  if (!/^[[{]/.test(text)) return [];
  try {
    return textsIn(JSON.parse(text), seen);
  } catch {
    return [];
  }
}
