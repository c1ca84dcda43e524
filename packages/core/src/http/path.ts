import { FunctionError } from '../errors.js';
import { decodePercent } from './percent.js';

/** The parameters in a path literal: `'/orders/:id'` has `{ id: string }`. */
export type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { readonly [Key in Name]: string } & PathParams<Rest>
  : Path extends `${string}:${infer Name}`
    ? { readonly [Key in Name]: string }
    : // biome-ignore lint/complexity/noBannedTypes: no parameters
      {};

/** The parameters of a path that matches, or undefined. */
export type PathMatcher = (path: string) => Readonly<Record<string, string>> | undefined;

const NONE: Readonly<Record<string, string>> = Object.freeze(Object.create(null));
const PARAMETER = /^:[A-Za-z_]\w*$/;
const LITERAL = /^[^:*?]+$/;

/**
 * Compiles a path of literal segments and `:name` ones. A trailing slash makes no difference.
 *
 * @throws FunctionError `misconfigured` for anything else, at definition.
 */
export function compilePath(pattern: string): PathMatcher {
  const segments = pattern.split('/').slice(1);
  const bare = pattern.length > 1 && pattern.endsWith('/') ? segments.slice(0, -1) : segments;
  const names = bare.filter((segment) => segment.startsWith(':')).map((segment) => segment.slice(1));
  const valid = pattern === '/' || bare.every((segment) => PARAMETER.test(segment) || LITERAL.test(segment));
  if (!pattern.startsWith('/') || !valid || new Set(names).size < names.length) {
    throw new FunctionError(
      'misconfigured',
      `The path ${JSON.stringify(pattern)} is not one: it starts with '/', and each segment is text or ':name', each name once.`,
    );
  }
  if (names.length === 0) {
    const literal = pattern === '/' ? '/' : `/${bare.join('/')}`;
    const withSlash = `${literal}/`;
    return (path) => (path === literal || path === withSlash ? NONE : undefined);
  }
  return (path) => match(bare, path);
}

function match(pattern: readonly string[], path: string): Readonly<Record<string, string>> | undefined {
  const segments = path.split('/').slice(1);
  if (segments.length === pattern.length + 1 && segments.at(-1) === '') segments.pop();
  if (segments.length !== pattern.length) return undefined;
  const params: Record<string, string> = Object.create(null);
  for (const [index, expected] of pattern.entries()) {
    const actual = segments[index] as string;
    if (!expected.startsWith(':')) {
      if (actual !== expected) return undefined;
    } else if (actual === '') {
      return undefined;
    } else {
      params[expected.slice(1)] = decodePercent(actual);
    }
  }
  return params;
}
