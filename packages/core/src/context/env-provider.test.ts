import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { FunctionError } from '../errors.js';
import { defineFunction } from '../function/define.js';
import { beforeParsing, defineMiddleware } from '../function/middleware.js';
import { http } from '../http/trigger.js';
import { queue } from '../messages/queue.js';
import {
  deliver,
  deliverBatch,
  fakeBatch,
  fakeHttp,
  fakeMessage,
  type InvokeOptions,
  invoke,
  memory,
  virtualClock,
} from '../testing/index.js';
import { envProvider } from './env-provider.js';

const lines: unknown[][] = [];
const log = (...line: unknown[]): void => void lines.push(line);
const logger = { debug: log, info: log, warn: log, error: log };
const fn = defineFunction.logger(logger).env(z.object({ KEY: z.string() }));
const charge = fn('charge', queue({ queue: 'orders' })).handle((_event, { env }) => env.KEY);
const pay = fn('pay', http({ method: 'GET', path: '/' })).handle((_event, { env }) => ({ length: env.KEY.length }));

/** A store whose value changes with each fetch. */
const store = () => {
  let version = 0;
  return vi.fn(async (): Promise<unknown> => `value-${++version}`);
};
const run = (options: InvokeOptions) => invoke(charge, fakeMessage(1), options);
const MINUTE = 60_000;

describe('a fetched variable', () => {
  test('replaces the platform’s variable, next to the others', async () => {
    const both = defineFunction
      .env(z.object({ KEY: z.string(), URL: z.string() }))('f', queue({ queue: 'q' }))
      .handle((_event, { env }) => env);
    const options = { env: { KEY: 'plain', URL: 'url' }, wiring: { env: { KEY: envProvider(store()) } } };
    expect(await invoke(both, fakeMessage(1), options)).toEqual({ KEY: 'value-1', URL: 'url' });
  });

  test('is validated once, and again if it or the platform’s environment has changed', async () => {
    const validate = vi.fn((value: unknown) => ({ value: value as { KEY: string } }));
    const counted = defineFunction
      .env({ '~standard': { version: 1 as const, vendor: 'test', validate } })('f', queue({ queue: 'q' }))
      .handle((_event, { env }) => env.KEY);
    const clock = virtualClock();
    const env = {};
    const wiring = { env: { KEY: envProvider(store()) } };
    for (let call = 0; call < 3; call++) await invoke(counted, fakeMessage(1), { env, clock, wiring });
    expect(validate).toHaveBeenCalledTimes(1);
    await clock.advance(5 * MINUTE);
    expect(await invoke(counted, fakeMessage(1), { env, clock, wiring })).toBe('value-2');
    await invoke(counted, fakeMessage(1), { env, clock, wiring });
    expect(validate).toHaveBeenCalledTimes(2);
    await invoke(counted, fakeMessage(1), { env: {}, clock, wiring });
    expect(validate).toHaveBeenCalledTimes(3);
  });

  test('may be validated asynchronously', async () => {
    const schema = z.object({ KEY: z.string() }).refine(async ({ KEY }) => KEY !== 'value-2');
    const slow = defineFunction
      .logger(logger)
      .env(schema)('f', queue({ queue: 'q' }))
      .handle((_event, { env }) => env.KEY);
    const clock = virtualClock();
    const wiring = { env: { KEY: envProvider(store()) } };
    expect(await invoke(slow, fakeMessage(1), { clock, wiring })).toBe('value-1');
    await clock.advance(5 * MINUTE);
    await expect(invoke(slow, fakeMessage(1), { clock, wiring })).rejects.toThrow('does not match its schema');
  });

  test('is not fetched for a function without .env(...)', async () => {
    const get = store();
    const plain = defineFunction('f', queue({ queue: 'q' })).handle((_event, { env }) => env);
    expect(await invoke(plain, fakeMessage(1), { wiring: { env: { KEY: envProvider(get) } } })).toEqual({});
    expect(get).not.toHaveBeenCalled();
  });

  test('is fetched once for two functions that share its provider', async () => {
    const get = store();
    const KEY = envProvider(get);
    expect(await run({ wiring: { env: { KEY } } })).toBe('value-1');
    expect((await invoke(pay, fakeHttp(), { wiring: { env: { KEY } } })).body).toEqual({ length: 7 });
    expect(get).toHaveBeenCalledTimes(1);
  });

  test('is separate for functions of one base with different providers', async () => {
    const a = { wiring: { env: { KEY: envProvider(() => 'key of a') } } };
    const b = { wiring: { env: { KEY: envProvider(() => 'key of b') } } };
    const env = {};
    for (let call = 0; call < 2; call++) {
      expect(await run({ env, ...a })).toBe('key of a');
      expect(await run({ env, ...b })).toBe('key of b');
    }
  });

  test.each([
    ['undefined', undefined, 'KEY is missing'],
    ['null', null, 'KEY is missing'],
    ['a number', 12_345, 'KEY does not match its schema'],
    ['bytes', new TextEncoder().encode('bytes-value'), 'KEY does not match its schema'],
  ])('that is %s is validated, whatever the platform has', async (_what, value, fault) => {
    const error = await run({ env: { KEY: 'plain' }, wiring: { env: { KEY: envProvider(() => value) } } }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'misconfigured', message: expect.stringContaining(fault) });
    expect(String(error)).not.toMatch(/12345|bytes-value/);
  });

  test('may be a number or bytes, if the schema accepts them', async () => {
    const bytes = defineFunction
      .env(z.object({ KEY: z.instanceof(Uint8Array), PIN: z.number() }))('f', queue({ queue: 'q' }))
      .handle((_event, { env }) => [env.KEY.length, env.PIN]);
    const wiring = { env: { KEY: envProvider(() => new Uint8Array(4)), PIN: envProvider(() => 7) } };
    expect(await invoke(bytes, fakeMessage(1), { wiring })).toEqual([4, 7]);
  });

  test('requires a provider made with envProvider, at start-up', async () => {
    const wiring = { env: { KEY: 'hunter22' as never } };
    const error = await run({ wiring }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'misconfigured', message: expect.stringContaining('provider of KEY') });
    expect(String(error)).not.toContain('hunter22');
    expect(() => envProvider('x' as never)).toThrow('the first argument must be a function; got string.');
    for (const ttl of [0, -1, Number.NaN]) {
      expect(() => envProvider(() => 'x', { ttl })).toThrow('`ttl` must be a number above 0');
    }
  });
});

describe('after its time', () => {
  test('the value is fetched again, and not before', async () => {
    const get = store();
    const clock = virtualClock();
    const options = { clock, wiring: { env: { KEY: envProvider(get, { ttl: MINUTE }) } } };
    expect(await run(options)).toBe('value-1');
    await clock.advance(MINUTE - 1);
    expect(await run(options)).toBe('value-1');
    await clock.advance(1);
    expect(await run(options)).toBe('value-2');
    expect(get).toHaveBeenCalledTimes(2);
  });

  test('a hundred concurrent invocations fetch once: the first one waits, the others use the old value', async () => {
    const get = store();
    const clock = virtualClock();
    const options = { clock, wiring: { env: { KEY: envProvider(get) } } };
    await run(options);
    await clock.advance(5 * MINUTE);
    const values = await Promise.all(Array.from({ length: 100 }, () => run(options)));
    expect(get).toHaveBeenCalledTimes(2);
    expect(values.filter((value) => value === 'value-2')).toHaveLength(1);
    expect(values.filter((value) => value === 'value-1')).toHaveLength(99);
    expect(await run(options)).toBe('value-2');
  });

  test('a failed fetch keeps the old value, is logged without a value, and is retried later', async () => {
    lines.length = 0;
    const get = store();
    const clock = virtualClock();
    const options = { clock, wiring: { env: { KEY: envProvider(get) } } };
    await run(options);
    await clock.advance(5 * MINUTE);
    get.mockRejectedValueOnce(new SyntaxError('"never-seen" is not valid'));
    expect(await run(options)).toBe('value-1');
    expect(await run(options)).toBe('value-1');
    expect(get).toHaveBeenCalledTimes(2);
    expect(lines).toEqual([[expect.stringMatching(/KEY could not.*SyntaxError/), { variable: 'KEY' }]]);
    expect(JSON.stringify(lines)).not.toMatch(/never-seen|value-1/);
    await clock.advance(10_000);
    expect(await run(options)).toBe('value-2');
  });

  test('a fetch that hangs delays only its own invocation, until its deadline', async () => {
    const get = store();
    const clock = virtualClock();
    const options = { clock, wiring: { env: { KEY: envProvider(get) } } };
    await run(options);
    await clock.advance(5 * MINUTE);
    get.mockReturnValueOnce(new Promise(() => {}));
    const hanging = run({ ...options, deadline: clock.now() + 10_000 });
    expect(await run(options)).toBe('value-1');
    await clock.advance(9_500);
    expect(await hanging).toBe('value-1');
    await clock.advance(500);
    expect(await run(options)).toBe('value-2');
  });
});

describe('the first fetch', () => {
  const failing: [string, () => unknown][] = [
    ['rejects', () => Promise.reject(new SyntaxError('"never-seen" is not valid'))],
    [
      'throws',
      () => {
        throw new RangeError('never-seen');
      },
    ],
    ['throws no error', () => Promise.reject('never-seen')],
    ['throws nothing', () => Promise.reject(undefined)],
    [
      'throws what cannot be read',
      () =>
        Promise.reject(
          new Proxy(new Error('never-seen'), {
            get() {
              throw new Error('never-seen');
            },
          }),
        ),
    ],
    ['rejects with a cause', () => Promise.reject(new Error('never-seen', { cause: new Error('never-seen') }))],
  ];

  test.each(failing)('that %s fails the invocation, names the variable and says no value', async (_what, get) => {
    const provider = envProvider(vi.fn(get).mockName('get') as never);
    const error = (await run({ wiring: { env: { KEY: provider } } }).catch((reason: unknown) => reason)) as Error;
    expect(error).toMatchObject({ name: 'FunctionError', code: 'unavailable', retryable: true });
    expect(error.message).toContain('KEY could not be fetched');
    expect(`${error.message} ${error.stack} ${error.cause}`).not.toContain('never-seen');
  });

  test('that fails is tried again by the next invocation', async () => {
    const get = store();
    get.mockRejectedValueOnce(Object.assign(new Error('x'), { name: 'AccessDeniedException' }));
    const options = { wiring: { env: { KEY: envProvider(get) } } };
    await expect(run(options)).rejects.toThrow('KEY could not be fetched: AccessDeniedException.');
    expect(await run(options)).toBe('value-1');
  });

  test('that returns an invalid value is repeated soon, not only after five minutes', async () => {
    const clock = virtualClock();
    const get = store();
    get.mockResolvedValueOnce({ not: 'a text' });
    const options = { clock, wiring: { env: { KEY: envProvider(get) } } };
    await expect(run(options)).rejects.toThrow('KEY does not match its schema');
    await clock.advance(9_999);
    await expect(run(options)).rejects.toThrow('KEY does not match its schema');
    await clock.advance(1);
    expect(await run(options)).toBe('value-1');
    await clock.advance(5 * MINUTE - 1);
    expect(await run(options)).toBe('value-1');
    expect(get).toHaveBeenCalledTimes(2);
  });

  test('that fails with a FunctionError reports its message', async () => {
    const get = () => Promise.reject(new FunctionError('misconfigured', 'There is no such binding.'));
    await expect(run({ wiring: { env: { KEY: envProvider(get) } } })).rejects.toThrow(
      'KEY could not be fetched: There is no such binding.',
    );
  });

  test('that hangs ends at the deadline; a later value is cached for the next invocation', async () => {
    const clock = virtualClock();
    let give: (value: string) => void = () => {};
    const get = vi.fn(() => new Promise<string>((resolve) => (give = resolve)));
    const options = { clock, wiring: { env: { KEY: envProvider(get) } } };
    const late = run({ ...options, deadline: 10_000 }).catch((reason: unknown) => reason);
    await clock.advance(9_500);
    expect(await late).toMatchObject({ code: 'unavailable', message: expect.stringContaining('deadline') });
    give('late-value');
    await clock.advance(0);
    expect(await run(options)).toBe('late-value');
    expect(get).toHaveBeenCalledTimes(1);
  });

  test('is not shared between invocations', async () => {
    const get = store();
    const options = { wiring: { env: { KEY: envProvider(get) } } };
    await Promise.all([run(options), run(options)]);
    expect(get).toHaveBeenCalledTimes(2);
  });

  test('is one for all messages of an invocation', async () => {
    const get = store();
    const wiring = { env: { KEY: envProvider(get) } };
    const settlements = await deliverBatch(charge, fakeBatch([1, 2, 3, 4, 5]) as never, { wiring });
    expect(settlements.map(({ outcome }) => outcome)).toEqual(['ack', 'ack', 'ack', 'ack', 'ack']);
    expect(get).toHaveBeenCalledTimes(1);
  });

  test('that fails is a 503 without details, before any layer runs', async () => {
    lines.length = 0;
    const layer = vi.fn();
    const layered = fn
      .use(
        defineMiddleware((_event, _context, next) => {
          layer();
          return next();
        }),
      )('f', http({ method: 'GET', path: '/' }))
      .handle(() => 'never');
    const get = () => Promise.reject(new Error('never-seen'));
    const answer = await invoke(layered, fakeHttp(), { wiring: { env: { KEY: envProvider(get) } } });
    expect(answer.status).toBe(503);
    expect(JSON.stringify(answer)).not.toMatch(/KEY|never-seen/);
    expect(String((lines[0] as { error: Error }[])[1]?.error)).toContain('KEY could not be fetched');
    expect(layer).not.toHaveBeenCalled();
  });

  test('that fails has the message redelivered, and makes no dead letter', async () => {
    const deadLetter = memory();
    const get = () => Promise.reject(new Error('never-seen'));
    const wiring = { deadLetter, env: { KEY: envProvider(get) } };
    expect(await deliver(charge, fakeMessage(1), { wiring })).toMatchObject({ outcome: 'retry', done: false });
    const batch = fn('f', queue({ queue: 'q' }).batch()).handle(() => {});
    const settlements = await deliverBatch(batch, fakeBatch([1, 2]), { wiring });
    expect(settlements.map(({ done }) => done)).toEqual([false, false]);
    expect(deadLetter.sent).toEqual([]);
  });
});

test('a value that does not match for one message leaves the others of the invocation alone', async () => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  let value = 'good-value';
  const KEY = envProvider(async () => value, { ttl: 1 });
  const clock = virtualClock();
  const seen: unknown[] = [];
  const fn = defineFunction
    .env(z.object({ KEY: z.string().startsWith('good') }))
    .use(beforeParsing(async (_event, _context, next) => next()))('f', queue({ queue: 'q', concurrency: 1 }))
    .handle(async ({ data }, context) => {
      if (data === 1) value = 'bad-value';
      await clock.sleep(10);
      seen.push(context.env.KEY);
    });
  const delivering = deliverBatch(fn, fakeBatch([1, 2]) as never, { clock, wiring: { env: { KEY } } });
  await clock.advance(10);
  await clock.advance(10);
  expect((await delivering).map(({ outcome }) => outcome)).toEqual(['ack', 'retry']);
  expect(seen).toEqual(['good-value']);
  error.mockRestore();
});
