import { expect, test } from 'vitest';
import { withoutPrefix } from './prefix.js';

test.each([
  ['/shop/orders/7', '/orders/7', '/orders/7'],
  ['/shop/orders/7/', '/orders/7', '/orders/7/'],
  ['/orders/7', '/orders/7', '/orders/7'],
  ['/api', '/', '/'],
  ['/elsewhere', '/orders/7', '/elsewhere'],
  ['/', '/orders/7', '/'],
])('%s, of which %s is the route, is %s to the function', (path, route, own) => {
  expect(withoutPrefix(path, route)).toBe(own);
});
