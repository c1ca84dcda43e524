import { describe, expect, test } from 'vitest';
import type { FunctionError } from './errors.js';
import { parseJson } from './json.js';

const fault = (text: string): FunctionError => {
  try {
    parseJson(text);
  } catch (error) {
    return error as FunctionError;
  }
  throw new Error('It was accepted.');
};

describe('untrusted JSON', () => {
  test.each([
    ['7', 7],
    ['null', null],
    ['""', ''],
    [' [1, {"a": []}]\n', [1, { a: [] }]],
    ['{"_proto_":1,"proto__":2}', { _proto_: 1, proto__: 2 }],
    ['{"a":"\\u0041\\n"}', { a: 'A\n' }],
    ['{"a":"__proto__","b":["__proto__"]}', { a: '__proto__', b: ['__proto__'] }],
    ['{"a":1,"a":2}', { a: 2 }],
    ['"\\ud800"', '\ud800'],
  ])('%s is its value', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  test.each([
    ['plain', '{"__proto__":{"admin":true}}'],
    ['nested', '[[{"a":{"__proto__":null}}]]'],
    ['repeated', '{"__proto__":1,"__proto__":2}'],
    ['beside good ones', '{"a":1,"__proto__":1,"b":2}'],
    ['with one character escaped', '{"__prot\\u006f__":1}'],
    ['with another case of hexadecimal digits', '{"\\u005F\\u005f\\u0070roto__":1}'],
    ['with all characters escaped', '{"\\u005f\\u005f\\u0070\\u0072\\u006f\\u0074\\u006f\\u005f\\u005f":1}'],
    ['after a value that says the same', '{"a":"__proto__","__proto__":1}'],
  ])('a __proto__ key is refused: %s', (_name, text) => {
    expect(fault(text)).toMatchObject({ code: 'bad_request', message: expect.stringContaining("'__proto__' key") });
  });

  test.each([
    '',
    ' ',
    '{',
    '[1,]',
    "{'a':1}",
    'NaN',
    'undefined',
    '01',
    '{"a":1}{',
    '"\n"',
    '\u00a01',
    '{"__proto__":',
  ])('%j is a bad request', (text) => {
    expect(fault(text)).toMatchObject({ code: 'bad_request', message: 'The body is not valid JSON.' });
  });

  test.each(['hunter2', '{"password": hunter2}', '{"a":"hunter2"', '["hunter2" 1]', '{"\\u0041":hunter2}'])(
    'the fault of %s quotes nothing of it',
    (text) => {
      const { message, cause, stack } = fault(text);
      expect(cause).toBeUndefined();
      for (const said of [message, stack]) expect(said).not.toContain('hunter2');
    },
  );

  test('a hundred thousand levels are a value or a bad request, even if keys are checked', () => {
    const deep = `${'['.repeat(100_000)}"__proto__"${']'.repeat(100_000)}`;
    try {
      expect(parseJson(deep)).toBeInstanceOf(Array);
    } catch (error) {
      expect(error).toMatchObject({ name: 'FunctionError', code: 'bad_request' });
    }
  });

  test.each([
    ['in a string', JSON.stringify('['.repeat(5_000))],
    ['in a key', JSON.stringify({ ['{'.repeat(5_000)]: 1 })],
    ['after escaped quotes', JSON.stringify('"['.repeat(5_000))],
    ['after escaped backslashes', JSON.stringify(['\\', '\\"'.repeat(5_000), '['.repeat(5_000)])],
    ['closed again', JSON.stringify(Array.from({ length: 5_000 }, () => [[]]))],
  ])('brackets are no levels %s', (_name, text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  test('a thousand levels are accepted, and one more is refused, also between strings', () => {
    const levels = (count: number) => `${'["]",'.repeat(count - 1)}["["]${']'.repeat(count - 1)}`;
    expect(parseJson(levels(1_000))).toBeInstanceOf(Array);
    expect(fault(levels(1_001)).message).toBe('JSON with more than 1000 levels is not accepted.');
  });

  test('parsing does not change Object.prototype', () => {
    fault('{"__proto__":{"admin":true}}');
    expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});
