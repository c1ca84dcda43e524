import { describe, expect, test, vi } from 'vitest';
import { defineFunction } from '../function/define.js';
import { http } from '../http/trigger.js';
import { queue } from '../messages/queue.js';
import { deliverBatch, fakeBatch, fakeHttp, fakeMessage, invoke, virtualClock } from '../testing/index.js';
import { InvocationContext } from './context.js';
import { consoleLogger } from './logger.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);

describe('the deadline', () => {
  test('is in ms, and counts down', async () => {
    const clock = virtualClock(1_000);
    const fn = define('f', queue({ queue: 'q' })).handle(async (_event, { deadline, remaining }) => {
      const before = remaining();
      await clock.advance(4_000);
      return { deadline, before, after: remaining() };
    });
    expect(await invoke(fn, fakeMessage(1), { clock, deadline: 11_000 })).toEqual({
      deadline: 11_000,
      before: 10_000,
      after: 6_000,
    });
  });

  test('is Infinity if there is none, and the signal never aborts', async () => {
    const fn = define('f', queue({ queue: 'q' })).handle((_event, { deadline, remaining, signal }) => [
      deadline,
      remaining(),
      signal.aborted,
    ]);
    expect(await invoke(fn, fakeMessage(1))).toEqual([Infinity, Infinity, false]);
  });

  test('is never less than 0 away', async () => {
    const clock = virtualClock(5_000);
    const fn = define('f', queue({ queue: 'q' })).handle((_event, { remaining }) => remaining());
    expect(await invoke(fn, fakeMessage(1), { clock, deadline: 1 })).toBe(0);
  });

  test.each([
    ['500 ms', 30_000, 29_500],
    ['a tenth, where that is less', 1_000, 900],
  ])('has a margin of %s, in which the signal has aborted', async (_name, length, abortsAt) => {
    const clock = virtualClock();
    const fn = define('f', queue({ queue: 'q' })).handle(async (_event, { signal }) => {
      signal.throwIfAborted();
      await clock.advance(abortsAt - 1);
      const before = signal.aborted;
      await clock.advance(1);
      return { before, after: signal.aborted, reason: (signal.reason as { code: string }).code };
    });
    expect(await invoke(fn, fakeMessage(1), { clock, deadline: length })).toEqual({
      before: false,
      after: true,
      reason: 'timeout',
    });
  });

  test("is the trigger's timeout, or the platform's deadline if that is earlier", async () => {
    const clock = virtualClock(100);
    const fn = define('f', queue({ queue: 'q', timeout: 2_000 })).handle((_event, { deadline }) => deadline);
    expect(await invoke(fn, fakeMessage(1), { clock })).toBe(2_100);
    expect(await invoke(fn, fakeMessage(1), { clock, deadline: 1_500 })).toBe(1_500);
  });
});

test('a request that is not done by its timeout is a 504, within the margin', async () => {
  const clock = virtualClock();
  const fn = define('f', http({ method: 'GET', path: '/', timeout: 10_000 })).handle(() => new Promise(() => {}));
  const answer = invoke(fn, fakeHttp(), { clock });
  await clock.advance(9_500);
  expect((await answer).status).toBe(504);
});

describe('background work', () => {
  test('is awaited before the response', async () => {
    let done = false;
    const fn = define('f', queue({ queue: 'q' })).handle((_event, { waitUntil }) => {
      waitUntil(Promise.resolve().then(() => waitUntil(Promise.resolve().then(() => (done = true)))));
    });
    await invoke(fn, fakeMessage(1));
    expect(done).toBe(true);
  });

  test('that fails is logged and changes nothing', async () => {
    const error = vi.fn();
    const fn = define
      .logger({ ...quiet, error })('f', queue({ queue: 'q' }))
      .handle((_event, { waitUntil }) => {
        waitUntil(Promise.reject(new Error('later')));
        return 'fine';
      });
    expect(await invoke(fn, fakeMessage(1))).toBe('fine');
    expect(error).toHaveBeenCalledWith('Background work failed.', { error: new Error('later') });
  });

  test('that never ends is abandoned at the margin', async () => {
    const clock = virtualClock();
    const warn = vi.fn();
    const fn = define
      .logger({ ...quiet, warn })('f', queue({ queue: 'q' }))
      .handle((_event, { waitUntil }) => {
        waitUntil(new Promise(() => {}));
        return 'fine';
      });
    const answer = invoke(fn, fakeMessage(1), { clock, deadline: 10_000 });
    await clock.advance(9_500);
    expect(await answer).toBe('fine');
    expect(warn).toHaveBeenCalledOnce();
  });

  test('that is not a promise is accepted', async () => {
    const fn = define('f', queue({ queue: 'q' })).handle((_event, { waitUntil }) => waitUntil(7 as never));
    await invoke(fn, fakeMessage(1));
  });
});

test('100 overlapping invocations do not share state', async () => {
  const clock = virtualClock();
  const lines: { invocationId?: unknown; message: string }[] = [];
  vi.spyOn(console, 'info').mockImplementation((line: string) => void lines.push(JSON.parse(line)));
  const fn = defineFunction('f', queue({ queue: 'q' }))
    .use(async (event, _context, next) => next({ own: event.data as number }))
    .use(async (_event, { own }, next) => {
      await clock.sleep(own % 7);
      return next({ twice: own * 2 });
    })
    .handle(async ({ data }, context) => {
      const { signal, invocationId } = context;
      await clock.sleep(100 - (data as number));
      context.log.info(String(data));
      return [data, context.own, context.twice, invocationId, context.invocationId, context.signal === signal];
    });
  const all = Array.from({ length: 100 }, (_, n) => invoke(fn, fakeMessage(n), { invocationId: `i-${n}`, clock }));
  await clock.advance(1_000);
  for (const [n, seen] of (await Promise.all(all)).entries()) {
    expect(seen).toEqual([n, n, n * 2, `i-${n}`, `i-${n}`, true]);
  }
  expect(lines).toHaveLength(100);
  for (const { message, invocationId } of lines) expect(invocationId).toBe(`i-${message}`);
  vi.restoreAllMocks();
});

test('everything can be destructured, and what layers added survives a spread', async () => {
  const native = { event: 1 };
  const fn = define('f', queue({ queue: 'q' }))
    .use(async (_event, _context, next) => next({ a: 1 }))
    .handle((_event, { functionName, platform, invocationId, deliveryAttempt, native: given, log, coldStart, a }) => ({
      functionName,
      platform,
      invocationId,
      deliveryAttempt,
      given,
      log,
      warm: typeof coldStart,
      a,
    }));
  expect(await invoke(fn, fakeMessage(1), { native, deliveryAttempt: 3 })).toEqual({
    functionName: 'f',
    platform: 'test',
    invocationId: 'test',
    deliveryAttempt: 3,
    given: native,
    log: quiet,
    warm: 'boolean',
    a: 1,
  });
});

describe('the console logger', () => {
  const lineOf = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => {
    const spy = vi.spyOn(console, 'error').mockImplementation(() => {});
    consoleLogger({ function: 'f' }).error('m', fields);
    const line = JSON.parse(String(spy.mock.calls[0]?.[0]));
    vi.restoreAllMocks();
    return line;
  };

  test('writes one JSON line', () => {
    expect(lineOf({ a: 1 })).toMatchObject({ level: 'error', message: 'm', function: 'f', a: 1 });
  });

  test('writes errors with their codes and causes', () => {
    const error = Object.assign(new Error('outer', { cause: new TypeError('inner') }), { code: 'E_X' });
    expect(lineOf({ error })).toMatchObject({
      error: { name: 'Error', code: 'E_X', message: 'outer', cause: { name: 'TypeError', message: 'inner' } },
    });
  });

  test('never throws', () => {
    const cyclic: Record<string, unknown> = { big: 1n };
    cyclic.self = cyclic;
    expect(lineOf({ cyclic })).toMatchObject({ cyclic: { big: '1', self: '[circular]' } });
    const shared = { x: 1 };
    expect(lineOf({ a: shared, b: shared })).toMatchObject({ a: { x: 1 }, b: { x: 1 } });
    const hostile = {
      toJSON() {
        throw new Error('no');
      },
    };
    expect(lineOf({ hostile })).toMatchObject({ message: 'm', unserializable: true });
  });
});

test('origin() is the same for all contexts of an event, and differs between messages', async () => {
  const origins: object[] = [];
  const fn = define('f', queue({ queue: 'q' }))
    .use((_event, context, next) => {
      origins.push(InvocationContext.origin(context));
      return next({ origin: 'of a layer', a: 1 });
    })
    .use((_event, context, next) => {
      origins.push(InvocationContext.origin(context));
      return next({ b: 2 });
    })
    .handle((_event, context) => {
      origins.push(InvocationContext.origin(context), InvocationContext.origin(InvocationContext.bare(context)));
    });
  await deliverBatch(fn, fakeBatch([1, 2]) as never);
  expect(origins).toHaveLength(8);
  expect(new Set(origins).size).toBe(2);
  const foreign = {};
  expect(InvocationContext.origin(foreign)).toBe(foreign);
});
