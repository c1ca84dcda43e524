import { misconfigured, mustBe } from '../errors.js';
import { decodePercent } from './percent.js';
import { EMPTY } from './records.js';

/** The parameters in a path literal: `'/orders/:id'` has `{ id: string }`. */
export type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [Key in Name]: string } & PathParams<Rest>
  : Path extends `${string}:${infer Name}`
    ? { readonly [Key in Name]: string }
    : // biome-ignore lint/complexity/noBannedTypes: no parameters
      {};

/** Returns the parameters of a path, or undefined if it does not match. */
export type PathMatcher = (path: string) => Readonly<Record<string, string>> | undefined;

/** @throws FunctionError `misconfigured` for anything but `:name` segments, and literal ones as requests have them. */
export function checkPath(pattern: string): void {
  mustBe('string', pattern, 'A path');
  const path = pattern.replace(/\/$/, '');
  if (/[^\s!-~]|["<>\\`]/.test(path)) {
    const encoded = JSON.stringify(encodeURI(path.toWellFormed()));
    throw misconfigured(
      `A path must be written percent-encoded, as requests have it, or it never matches: ${encoded}; got ${JSON.stringify(pattern)}.`,
    );
  }
  const names = path.match(/:\w+/g) ?? [];
  if (
    !pattern ||
    !/^(\/(:[a-z_]\w*|(?!\.\.?(\/|$))[^/:*?#{}\s]+))*$/i.test(path) ||
    new Set(names).size < names.length
  ) {
    throw misconfigured(
      `A path must consist of '/text' and '/:name' segments, each name once; got ${JSON.stringify(pattern)}.`,
    );
  }
}

/** Compiles a path of literal and `:name` segments. A trailing slash makes no difference. */
export function compilePath(pattern: string): PathMatcher {
  const path = pattern.replace(/\/$/, '');
  // Most paths have no parameters: without a regular expression, an instance starts faster.
  if (!path.includes(':')) return (actual) => (actual === path || actual === `${path}/` ? EMPTY : undefined);
  const source = path.replace(/[^\w/:]/g, '\\$&').replace(/:(\w+)/g, '(?<$1>[^/]+)');
  let matcher: RegExp | undefined;
  return (actual) => {
    matcher ??= new RegExp(`^${source}/?$`);
    const match = matcher.exec(actual);
    return match ? decoded(match.groups as Record<string, string>) : undefined;
  };
}

function decoded(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const params: Record<string, string> = Object.create(null);
  for (const name in groups) params[name] = decodePercent(groups[name] as string);
  return params;
}
