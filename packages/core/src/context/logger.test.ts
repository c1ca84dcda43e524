import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FunctionError } from '../errors.js';
import { consoleLogger, type Logger } from './logger.js';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
let lines: { level: string; line: string }[] = [];

beforeEach(() => {
  lines = [];
  for (const level of LEVELS) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push({ level, line }));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const written = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  consoleLogger().error('m', fields);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.line).not.toContain('\n');
  return JSON.parse(lines[0]?.line ?? '');
};

describe('a line', () => {
  test.each(LEVELS)('of level %s goes to the method of that name', (level) => {
    const logger: Logger = consoleLogger({ function: 'f' });
    logger[level]('two\nlines', { n: 1 });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.level).toBe(level);
    const entry = JSON.parse(lines[0]?.line ?? '');
    expect(entry).toMatchObject({ level, message: 'two\nlines', function: 'f', n: 1 });
    expect(new Date(entry.time).toISOString()).toBe(entry.time);
  });

  test('renames fields with the name of a standard one', () => {
    consoleLogger({ time: 'always' }).warn('m', { level: 7, message: 'theirs', time_: 1 });
    expect(JSON.parse(lines[0]?.line ?? '')).toMatchObject({
      level: 'warn',
      level_: 7,
      message: 'm',
      message_: 'theirs',
      time: expect.stringMatching(/^\d{4}-/),
      time_: 1,
    });
  });

  test('needs no fields', () => {
    consoleLogger().info('m');
    expect(JSON.parse(lines[0]?.line ?? '')).toMatchObject({ level: 'info', message: 'm' });
  });

  test('has an error with its name, message, stack, code and chain of causes', () => {
    const root = Object.assign(new RangeError('root'), { code: 'E_ROOT' });
    const error = new FunctionError('unavailable', 'outer', { cause: new Error('middle', { cause: root }) });
    expect(written({ error })).toMatchObject({
      error: {
        name: 'FunctionError',
        code: 'unavailable',
        message: 'outer',
        stack: expect.stringContaining('outer'),
        cause: { name: 'Error', message: 'middle', cause: { name: 'RangeError', message: 'root', code: 'E_ROOT' } },
      },
    });
  });

  test('has nested errors, and causes that are not errors', () => {
    const error = new Error('x', { cause: { status: 503 } });
    expect(written({ list: [{ error }] })).toMatchObject({
      list: [{ error: { message: 'x', cause: { status: 503 } } }],
    });
  });
});

describe('a line never throws', () => {
  test.each([
    ['a BigInt', { n: 12345678901234567890n }, { n: '12345678901234567890' }],
    ['undefined, functions and symbols', { a: undefined, b: () => 1, c: Symbol('c'), d: 1 }, { d: 1 }],
    ['NaN and Infinity', { a: Number.NaN, b: Number.POSITIVE_INFINITY }, { a: null, b: null }],
    ['an invalid date', { at: new Date(Number.NaN) }, { at: null }],
    ['an object without a prototype', { o: Object.assign(Object.create(null), { a: 1 }) }, { o: { a: 1 } }],
    ['line breaks and control characters', { a: '\r\n\u2028\0' }, { a: '\r\n\u2028\0' }],
    ['a lone surrogate', { a: '\ud800' }, { a: '\ud800' }],
  ])('for %s', (_name, fields, expected) => {
    expect(written(fields)).toMatchObject(expected);
  });

  test('for a cycle through objects and arrays', () => {
    const cyclic: { list: unknown[]; self?: unknown } = { list: [] };
    cyclic.self = cyclic;
    cyclic.list.push(cyclic, { up: cyclic.list });
    expect(written({ cyclic })).toMatchObject({
      cyclic: { self: '[circular]', list: ['[circular]', { up: '[circular]' }] },
    });
  });

  test('and writes an object that occurs twice twice', () => {
    const shared = { x: { y: 1 } };
    expect(written({ a: shared, b: [shared, shared], c: shared.x })).toMatchObject({
      a: { x: { y: 1 } },
      b: [{ x: { y: 1 } }, { x: { y: 1 } }],
      c: { y: 1 },
    });
  });

  test.each([
    ['a proxy that throws', revoked()],
    ['a BigInt', 1n],
  ])('for a message that is %s', (_name, message) => {
    consoleLogger().info(message as never, { a: 1 });
    expect(JSON.parse(lines[0]?.line ?? '')).toMatchObject({ level: 'info', message: expect.anything() });
  });

  test('for an error that is its own cause, and still describes the error', () => {
    const error = Object.assign(new Error('round'), { code: 'E_ROUND' });
    error.cause = error;
    expect(written({ error })).toMatchObject({ error: { message: 'round', code: 'E_ROUND', cause: '[circular]' } });
  });

  test('for an error with ten thousand causes, and still describes the first of them', () => {
    let error = new Error('the first');
    for (let n = 0; n < 10_000; n++) error = new Error(`${n}`, { cause: error });
    expect(written({ error })).toMatchObject({ error: { message: '9999', cause: { cause: { message: '9997' } } } });
  });

  test('for a thrown value that is not an error', () => {
    for (const error of [undefined, null, 'text', 1n, Symbol('s')]) consoleLogger().error('m', { error });
    expect(lines).toHaveLength(5);
  });

  test.each([
    [
      'toJSON',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'a getter',
      {
        get a() {
          throw new Error('no');
        },
      },
    ],
    [
      'a proxy',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('no');
          },
        },
      ),
    ],
    [
      'an error whose stack throws',
      Object.defineProperty(new Error('x'), 'stack', {
        get: () => {
          throw new Error('no');
        },
      }),
    ],
  ])('for %s that throws, and keeps the message', (_name, hostile) => {
    expect(written({ hostile })).toMatchObject({ level: 'error', message: 'm' });
  });

  test('for fields that throw when they are read', () => {
    expect(
      written({
        get a() {
          throw new Error('no');
        },
      }),
    ).toMatchObject({ level: 'error', message: 'm' });
  });

  test('for fields that have standard names and cannot be serialised', () => {
    const toJSON = (): never => {
      throw new Error('no');
    };
    consoleLogger().error('m', { level: 1n, message: { toString: toJSON }, hostile: { toJSON } });
    expect(lines).toHaveLength(1);
  });

  test('for an object nested a hundred thousand deep', () => {
    let deep: unknown = 1;
    for (let n = 0; n < 100_000; n++) deep = { deep };
    expect(written({ deep })).toMatchObject({ message: 'm' });
  });
});
