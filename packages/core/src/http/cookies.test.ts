import { describe, expect, test } from 'vitest';
import { cookie } from './cookies.js';

const set = (attributes: object, name = 'a') => cookie(name, '1', attributes);

describe('a cookie with an invalid attribute is refused', () => {
  test.each([
    ['sameSite', { sameSite: 'lax' }, "`sameSite` of 'a' must be 'Strict', 'Lax' or 'None'"],
    ['sameSite', { sameSite: 'Lax; Domain=evil.example' }, '`sameSite`'],
    ['sameSite', { sameSite: false }, '`sameSite`'],
    ['an unknown one', { samesite: 'Lax' }, "cookie(...): unknown option 'samesite'"],
    ['an unknown one', { maxage: 1 }, "cookie(...): unknown option 'maxage'"],
    ['none', null, 'cookie(...): the options must be an object; got null.'],
    ['domain', { domain: '' }, '`domain`'],
    ['domain', { domain: 'https://shop.example' }, '`domain`'],
    ['domain', { domain: 'shop.example:8080' }, '`domain`'],
    ['domain', { domain: 'a b' }, '`domain`'],
    ['domain', { domain: 'bücher.example' }, '`domain`'],
    ['domain', { domain: 'a..example' }, '`domain`'],
    ['domain', { domain: 7 }, '`domain`'],
    ['path', { path: '' }, '`path`'],
    ['path', { path: 'shop' }, '`path`'],
    ['path', { path: '/ä' }, '`path`'],
    ['path', { path: null }, '`path`'],
    ['expires', { expires: new Date('never') }, '`expires`'],
    ['expires', { expires: 'Wed, 01 Jan 2030 00:00:00 GMT' }, '`expires`'],
    ['expires', { expires: 1_893_456_000_000 }, '`expires`'],
    ['expires, beyond what clients can read', { expires: new Date(8.64e15) }, '`expires`'],
    ['expires, before what clients can read', { expires: new Date('1600-12-31T00:00:00Z') }, '`expires`'],
    [
      'a domain that browsers would ignore',
      { domain: `${'a'.repeat(1_017)}.example` },
      "`domain` of 'a' must have 1,024",
    ],
    ['a path that browsers would ignore', { path: `/${'a'.repeat(1_024)}` }, "`path` of 'a' must have 1,024 bytes"],
    ['maxAge', { maxAge: Number.POSITIVE_INFINITY }, '`maxAge`'],
    ['maxAge', { maxAge: 1e21 }, '`maxAge`'],
    ['maxAge', { maxAge: '60' }, '`maxAge`'],
    ['httpOnly', { httpOnly: 'false' }, '`httpOnly`'],
    ['secure', { secure: 1 }, '`secure`'],
    ['partitioned', { partitioned: 'yes' }, '`partitioned`'],
    ['None that is not secure', { sameSite: 'None', secure: false }, 'needs `secure`'],
    ['a partition that is not secure', { partitioned: true, secure: false }, 'needs `secure`'],
  ])('%s: %j', (_name, attributes, message) => {
    expect(() => set(attributes as object)).toThrow(
      expect.objectContaining({ code: 'misconfigured', message: expect.stringContaining(message) }),
    );
  });

  test.each([
    ['__Secure-a', { secure: false }],
    ['__secure-a', { secure: false }],
    ['__Host-a', { secure: false }],
    ['__Host-a', { domain: 'a.example' }],
    ['__HOST-a', { path: '/shop' }],
    ['__Http-a', { httpOnly: false }],
    ['__Host-Http-a', { httpOnly: false }],
    ['__Host-Http-a', { path: '/shop' }],
  ])('by its prefix: %s with %j', (name, attributes) => {
    expect(() => set(attributes, name)).toThrow(
      expect.objectContaining({ code: 'misconfigured', message: expect.stringContaining(`'${name}' needs `) }),
    );
  });

  test.each([undefined, null, 7, {}])('by a value that is not text: %j', (value) => {
    expect(() => cookie('a', value as never)).toThrow('must be a string');
  });
});

test.each([
  ['longer than 4,096 bytes with its name', 'x'.repeat(4_096), "name and value of 'a' must have 4,096 bytes at most"],
  ['longer than that when it is encoded', 'ö'.repeat(700), "name and value of 'a' must have 4,096 bytes at most"],
  ['half of a surrogate pair', '\ud800', "the value of 'a' must not have half of a surrogate pair"],
])('a value is refused that is %s', (_what, value, message) => {
  expect(() => cookie('a', value)).toThrow(
    expect.objectContaining({ code: 'misconfigured', message: expect.stringContaining(message) }),
  );
});

test('the longest cookie, path and domain that browsers take are fine', () => {
  const domain = `${'a'.repeat(1_016)}.example`;
  const path = `/${'a'.repeat(1_023)}`;
  expect(cookie('a', 'x'.repeat(4_095), { domain, path })).toContain(`Domain=${domain}; Path=${path}; `);
});

test.each([
  [{}, 'a=1; Path=/; HttpOnly; Secure; SameSite=Lax'],
  [
    { domain: undefined, path: undefined, expires: undefined, sameSite: undefined },
    'a=1; Path=/; HttpOnly; Secure; SameSite=Lax',
  ],
  [{ sameSite: 'None', partitioned: true }, 'a=1; Path=/; HttpOnly; Secure; SameSite=None; Partitioned'],
  [{ sameSite: 'None' }, 'a=1; Path=/; HttpOnly; Secure; SameSite=None'],
  [{ domain: '.Shop.example', path: '/a/b' }, 'a=1; Domain=.Shop.example; Path=/a/b; HttpOnly; Secure; SameSite=Lax'],
  [
    { domain: 'xn--bcher-kva.example', maxAge: -1 },
    'a=1; Domain=xn--bcher-kva.example; Path=/; Max-Age=-1; HttpOnly; Secure; SameSite=Lax',
  ],
  [{ expires: new Date(0) }, 'a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax'],
])('a cookie with %j', (attributes, header) => {
  expect(set(attributes)).toBe(header);
});

test.each(['__Host-a', '__Secure-a', '__Http-a', '__Host-Http-a', '__Other-a'])('%s with the defaults', (name) => {
  expect(set({}, name)).toBe(`${name}=1; Path=/; HttpOnly; Secure; SameSite=Lax`);
});
