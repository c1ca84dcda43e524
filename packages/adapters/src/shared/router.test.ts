import { type AnyFunction, defineFunction, http } from '@tradewind/core';
import fc from 'fast-check';
import { addRoute, createRouter, findRoute } from 'rou3';
import { describe, expect, test } from 'vitest';
import { routes } from './router.js';

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
