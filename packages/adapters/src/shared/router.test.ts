import { type AnyFunction, defineFunction, type HttpMethod, type HttpTrigger, http } from '@tradewind/core';
import fc from 'fast-check';
import { addRoute, createRouter, findRoute } from 'rou3';
import { describe, expect, test } from 'vitest';
import { type Route, routes } from './router.js';

const get = (path: string): AnyFunction =>
  defineFunction(path, http({ method: 'GET', path: path as '/' })).handle(() => 1) as AnyFunction;
const find = (paths: readonly string[], path: string): string | undefined =>
  routes(paths.map(get))('GET', path)?.fn.name;

describe('if several paths match, the more literal one wins, in any order', () => {
  test.each([
    [['/a/:x', '/a/b'], '/a/b', '/a/b'],
    [['/:x/b', '/a/:y'], '/a/b', '/a/:y'],
    [['/:x', '/a'], '/a/', '/a'],
    [['/:x/:y', '/:x/b'], '/a/b', '/:x/b'],
    [['/', '/:x'], '/', '/'],
    [['/a.b', '/:x'], '/acb', '/:x'],
  ])('%j: %s', (paths, path, expected) => {
    expect(find(paths, path)).toBe(expected);
    expect(find(paths.toReversed(), path)).toBe(expected);
  });
});

test('routes as rou3 does, over random tables', () => {
  const segment = fc.constantFrom('a', 'b', 'a-b', ':x');
  const shape = fc.array(segment, { minLength: 1, maxLength: 4 });
  // A parameter name may occur only once in a path.
  const pattern = shape.map((parts) => `/${parts.map((part, at) => (part === ':x' ? `:p${at}` : part)).join('/')}`);
  const actual = fc.array(fc.constantFrom('a', 'b', 'a-b', 'c'), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.uniqueArray(pattern, { minLength: 1, maxLength: 8 }), actual, (patterns, parts) => {
      const router = createRouter<string>();
      for (const one of patterns) addRoute(router, 'GET', one, one);
      const path = `/${parts.join('/')}`;
      expect(find(patterns, path)).toBe(findRoute(router, 'GET', path)?.data);
    }),
    { numRuns: 5_000 },
  );
});

const METHODS: readonly HttpMethod[] = ['GET', 'HEAD', 'POST', 'OPTIONS'];
const of = (method: HttpMethod, path: string): AnyFunction =>
  defineFunction(`${method} ${path}`, http({ method, path: path as '/' })).handle(() => 1) as AnyFunction;

/** The same, one function after the other: `literal` tells a segment from a parameter. */
function oneByOne(functions: readonly AnyFunction[], method: string, path: string, asked?: string): Route | undefined {
  const literal = (fn: AnyFunction): string => triggerOf(fn).path.replace(/:\w+/g, '\uffff').replace(/\/$/, '');
  const here = functions
    .filter((fn) => triggerOf(fn).match(path))
    .toSorted((a, b) => (literal(a) < literal(b) ? -1 : Number(literal(a) > literal(b))));
  const by = (wanted?: string): AnyFunction | undefined =>
    here.find((fn) => triggerOf(fn).method === wanted) ?? (wanted === 'HEAD' ? by('GET') : undefined);
  const fn = by(method);
  if (fn) return { fn };
  const [first] = here;
  const allow = new Set(here.map((one) => triggerOf(one).method).map((one) => (one === 'GET' ? 'GET, HEAD' : one)));
  return first && { fn: by(asked) ?? first, allow: [...allow].join(', ') };
}

function triggerOf(fn: AnyFunction): HttpTrigger {
  return fn.trigger as HttpTrigger;
}

test('routes by method, HEAD, a trailing slash and preflights as trying every function does, over random tables', () => {
  const segment = fc.constantFrom('a', 'b', ':x');
  const pattern = fc
    .array(segment, { maxLength: 3 })
    .map((parts) => `/${parts.map((part, at) => (part === ':x' ? `:p${at}` : part)).join('/')}`);
  const method = fc.constantFrom(...METHODS);
  const table = fc.uniqueArray(fc.tuple(method, pattern), { minLength: 1, maxLength: 10, selector: String });
  const actual = fc
    .array(fc.constantFrom('a', 'b', 'c', '', 'a%2Fb'), { maxLength: 5 })
    .map((parts) => parts.join('/'));
  fc.assert(
    fc.property(table, actual, method, fc.option(method, { nil: undefined }), (entries, rest, sent, asked) => {
      const functions = entries.map(([one, path]) => of(one, path));
      for (const path of [rest, `/${rest}`]) {
        expect(routes(functions)(sent, path, asked)).toEqual(oneByOne(functions, sent, path, asked));
      }
    }),
    { numRuns: 3_000 },
  );
});

test('the same function twice is refused', () => {
  const fn = get('/a');
  expect(() => routes([fn, fn])).toThrow("'/a' and '/a' have the same GET path");
});

test('a name that objects inherit is a segment like any other', () => {
  expect(find(['/:x', '/a'], '/constructor')).toBe('/:x');
  expect(find(['/__proto__', '/a'], '/__proto__')).toBe('/__proto__');
  expect(find(['/a'], '/toString')).toBeUndefined();
});

test('a request does not try the path of every function', () => {
  let tried = 0;
  const match = (): undefined => void tried++;
  const functions = Array.from({ length: 1_000 }, (_, at) => get(`/r${at}/:id`)).map((fn) => ({
    ...fn,
    trigger: { ...fn.trigger, match },
  }));
  expect(routes(functions)('GET', '/r999/7')?.fn.name).toBe('/r999/:id');
  expect(tried).toBeLessThan(2);
});
