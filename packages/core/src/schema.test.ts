import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import * as mini from 'zod/mini';
import * as z3 from 'zod/v3';
import { defineFunction } from './function/define.js';
import { http } from './http/trigger.js';
import { json } from './index.js';
import { event } from './messages/event-trigger.js';
import { queue } from './messages/queue.js';
import { type StandardSchema, validate } from './schema.js';
import { deliverBatch, fakeBatch, fakeEvent, fakeHttp, fakeMessage, fakeRaw, invoke } from './testing/index.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);

const unhandled = vi.fn();
beforeEach(() => void process.on('unhandledRejection', unhandled));
afterEach(async () => {
  // Node reports a rejection when the microtasks are done.
  await new Promise((resolve) => setTimeout(resolve, 5));
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

let runs = 0;
beforeEach(() => {
  runs = 0;
});
const fails = async (): Promise<never> => {
  runs += 1;
  throw new Error('down');
};
const passes = async (): Promise<boolean> => {
  runs += 1;
  return true;
};

const REJECTING: readonly (readonly [string, StandardSchema<unknown, unknown>])[] = [
  ['refine', z.object({ a: z.string().refine(fails) })],
  ['refine without async', z.object({ a: z.string().refine(() => fails()) })],
  ['superRefine', z.object({ a: z.string().superRefine(fails) })],
  ['check', z.object({ a: z.string().check(fails as never) })],
  ['of the whole', z.object({ a: z.string() }).refine(fails)],
  ['transform', z.object({ a: z.string().transform(fails) })],
  ['preprocess', z.object({ a: z.preprocess(fails, z.string()) })],
  ['pipe', z.object({ a: z.string().pipe(z.string().refine(fails)) })],
  ['codec', z.object({ a: z.codec(z.string(), z.string(), { decode: fails, encode: fails }) })],
  ['custom', z.object({ a: z.custom(fails) })],
  ['lazy', z.object({ a: z.lazy(() => z.string().refine(fails)) })],
  [
    'recursive',
    z.object({
      a: z.string().refine(fails),
      get more() {
        return z.object({ a: z.string() }).optional();
      },
    }),
  ],
  ['in a list', z.object({ a: z.string(), b: z.array(z.string().refine(fails)).default([]) }).refine(fails)],
  ['in a union', z.object({ a: z.union([z.number(), z.string().refine(fails)]) })],
  ['in a record', z.record(z.string(), z.string().refine(fails))],
  ['with a default', z.object({ a: z.string().refine(fails).default('x').optional() })],
  ['of a property', z.object({ a: z.string().check(z.property('length', z.number().refine(fails))) })],
  ['zod/mini', mini.object({ a: mini.string().check(mini.refine(fails)) })],
  ['zod 3', z3.object({ a: z3.string().refine(fails) }) as never],
];

describe('code in a schema of zod that rejects', () => {
  test.each(REJECTING)('%s runs once, and only the caller hears of it', async (_name, schema) => {
    await expect(validate(schema, { a: 'x' })).rejects.toThrow('down');
    expect(runs).toBe(1);
    await expect(validate(schema, { a: 'x' })).rejects.toThrow('down');
    expect(runs).toBe(2);
  });
});

describe('code in a schema of zod that is asynchronous', () => {
  test.each([
    ['zod', z.object({ a: z.string().refine(passes) })],
    ['zod/mini', mini.object({ a: mini.string().check(mini.refine(passes)) })],
    ['zod 3', z3.object({ a: z3.string().refine(passes) })],
  ] as readonly (readonly [string, StandardSchema])[])('%s gives the value, or the issues', async (_name, schema) => {
    expect(await validate(schema, { a: 'x', b: 1 })).toEqual({ value: { a: 'x' } });
    expect(runs).toBe(1);
    expect((await validate(schema, { a: 1 })).issues).toMatchObject([{ path: ['a'], message: expect.any(String) }]);
  });
});

test.each([
  [
    'checks',
    z.object({ a: z.string().min(1).trim().regex(/x/), b: z.number().int().optional(), c: z.email().nullish() }),
  ],
  ['defaults and coercion', z.object({ a: z.string().default('y'), c: z.coerce.number().catch(1) })],
  ['lists and unions', z.object({ a: z.union([z.string(), z.array(z.literal(['x', 'y']))]) })],
  ['zod/mini', mini.object({ a: mini.string().check(mini.minLength(1)) })],
] as readonly (readonly [string, StandardSchema])[])('a schema of %s alone stays synchronous', (_name, schema) => {
  expect(validate(schema, { a: 'x' })).toMatchObject({ value: { a: 'x' } });
});

test('a default that throws is not asked for while there is a value', async () => {
  const required = (): never => {
    throw new Error('required');
  };
  expect(await validate(z.object({ a: z.string().default(required) }), { a: 'x' })).toEqual({ value: { a: 'x' } });
});

describe('wherever a schema is applied, a rejection is the failure of that event alone', () => {
  const schema = z.object({ a: z.string().refine(fails) });
  const value = { a: 'x' };

  test('a query', async () => {
    const fn = define('f', http({ method: 'POST', path: '/', query: schema })).handle(() => 1);
    expect((await invoke(fn, fakeHttp({ query: value }))).status).toBe(500);
  });

  test('a query beside a body that is refused first', async () => {
    const query = { '~standard': { version: 1 as const, vendor: 'test', validate: fails } };
    const fn = define('f', http({ method: 'POST', path: '/', query, maxBodySize: 1 })).handle(() => 1);
    expect((await invoke(fn, fakeRaw('http', { query: value, body: 'xx' }))).status).toBe(413);
  });

  test('a body', async () => {
    const fn = define('f', http({ method: 'POST', path: '/', body: schema })).handle(() => 1);
    expect((await invoke(fn, fakeHttp({ body: value }))).status).toBe(500);
  });

  test('a response', async () => {
    const options = { method: 'GET', path: '/', response: schema, validateResponse: true } as const;
    const fn = define('f', http(options)).handle(() => json(200, value));
    const context = { ...fn, trigger: { ...fn.trigger, checkResponse: (result: never) => result } };
    expect((await invoke(context as typeof fn, fakeHttp())).status).toBe(500);
  });

  test('a message, an event, and the messages of a batch', async () => {
    const one = define('q', queue({ queue: 'q', data: schema })).handle(() => {});
    expect(await deliverBatch(one, fakeMessage(value))).toMatchObject([{ outcome: 'retry', done: false }]);
    const shipped = define('e', event({ type: 't', data: schema })).handle(() => {});
    await expect(invoke(shipped, fakeEvent(value))).rejects.toThrow('down');
    const all = define('b', queue({ queue: 'q', data: schema }).batch()).handle(() => {});
    expect(await deliverBatch(all, fakeBatch([value, value]))).toMatchObject([{ done: false }, { done: false }]);
    await expect(invoke(all, fakeBatch([value, value]))).rejects.toThrow('down');
  });

  test('a message of a batch beside one that throws at once', async () => {
    const mixed = {
      '~standard': {
        version: 1 as const,
        vendor: 'test',
        validate: (data: unknown) => (data === 1 ? fails() : { issues: [{ message: 'bad' }] }),
      },
    };
    const fn = define('b', queue({ queue: 'q', data: mixed }).batch()).handle(() => {});
    await expect(invoke(fn, fakeBatch([1, 2]) as never)).rejects.toThrow();
  });

  test('the environment', async () => {
    const fn = define
      .env(schema)('f', http({ method: 'GET', path: '/' }))
      .handle(() => 1);
    expect((await invoke(fn, fakeHttp(), { env: value })).status).toBe(500);
  });
});
