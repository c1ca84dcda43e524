import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import {
  defineFunction,
  envProvider,
  FunctionError,
  http,
  json,
  observe,
  queue,
  reject,
  retryLater,
} from '@tradewind/core';
import { deliver, fakeHttp, fakeMessage, invoke, memory, virtualClock } from '@tradewind/core/testing';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import {
  bulkhead,
  type Call,
  circuitBreaker,
  compose,
  constant,
  deadLetter,
  fallback,
  hedge,
  isRefused,
  resilience,
  retry,
  retryBudget,
  standard,
  timeout,
} from './index.js';

const down = async (): Promise<number> => {
  throw new Error('down');
};
const never = () => new Promise<never>(() => {});
const events: string[] = [];
const stop = observe(({ type }) => void events.push(type));
afterAll(stop);

describe('a timeout', () => {
  test('rejects, and aborts the signal with the same reason', async () => {
    const clock = virtualClock();
    let signal: AbortSignal | undefined;
    const call = timeout(1_000)(
      (one) => {
        signal = one.signal;
        return never();
      },
      { clock },
    );
    const end = expect(call).rejects.toMatchObject({ code: 'timeout', retryable: true });
    await clock.advance(999);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    await end;
    expect(signal?.reason).toMatchObject({ code: 'timeout', message: 'The call took longer than 1000 ms.' });
  });

  test('aborts a signal that is read afterwards', async () => {
    const clock = virtualClock();
    let late: Call | undefined;
    const call = timeout(10)(
      (one) => {
        late = one;
        return never();
      },
      { clock },
    ).catch(() => {});
    await clock.advance(10);
    await call;
    expect(late?.signal.aborted).toBe(true);
    expect(late?.remaining()).toBe(0);
  });

  test('is no longer than the caller’s time', async () => {
    const clock = virtualClock(1_000);
    const call = timeout(60_000)(
      ({ remaining }) => {
        expect(remaining()).toBe(500);
        return never();
      },
      { clock, deadline: 1_500 },
    );
    const end = expect(call).rejects.toMatchObject({ message: 'The call took longer than 500 ms.' });
    await clock.advance(500);
    await end;
  });

  test('aborts with the caller’s signal', async () => {
    const controller = new AbortController();
    const call = timeout(60_000)(
      ({ signal }) => new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason))),
      controller.signal,
    );
    controller.abort(new Error('gone'));
    await expect(call).rejects.toThrow('gone');
  });

  test.each([0, -1, Number.NaN, '1000', undefined])('of %s is refused', (ms) => {
    expect(() => timeout(ms as number)).toThrow('timeout(...): `ms` must be a number above 0; got');
  });
});

describe('a fallback', () => {
  test('replaces a failure, and is observed', async () => {
    events.length = 0;
    expect(await fallback(() => 'cached')(down)).toBe('cached');
    expect(events).toEqual(['fallback.used']);
  });

  test.each([
    ['retryLater', retryLater({ after: 1 })],
    ['reject', reject('poison')],
  ])('rethrows %s', async (_name, signal) => {
    const policy = fallback(() => 'cached');
    await expect(
      policy(() => {
        throw signal;
      }),
    ).rejects.toBe(signal);
  });

  test('rethrows what `when` excludes, and the error of a caller who has left', async () => {
    const policy = fallback(() => 1, { when: isRefused });
    await expect(policy(down)).rejects.toThrow('down');
    const controller = new AbortController();
    const call = fallback(() => 1)(async () => {
      controller.abort(new Error('gone'));
      throw controller.signal.reason;
    }, controller.signal);
    await expect(call).rejects.toThrow('gone');
  });

  test('replaces a timeout', async () => {
    const clock = virtualClock();
    const call = compose(
      fallback(() => 'cached'),
      timeout(10),
    )(never, { clock });
    await clock.advance(10);
    expect(await call).toBe('cached');
  });

  test('that throws gives the error', async () => {
    const policy = fallback(() => {
      throw new Error('no cache either');
    });
    await expect(policy(down)).rejects.toThrow('no cache either');
  });
});

describe('a bulkhead', () => {
  /** Calls that end on demand. */
  const held = () => {
    const ends: (() => void)[] = [];
    const operation = vi.fn(() => new Promise<void>((resolve) => void ends.push(resolve)));
    return { ends, operation };
  };
  const turns = () => new Promise((resolve) => setTimeout(resolve));

  test('limits running and waiting calls, keeps their order, and refuses the rest', async () => {
    const { ends, operation } = held();
    const policy = bulkhead({ name: 'reports', concurrency: 2, queue: 2 });
    const order: number[] = [];
    const calls = [0, 1, 2, 3].map((at) => policy(operation).then(() => void order.push(at)));
    const refused = await policy(operation).catch((error) => error);
    expect(isRefused(refused)).toBe(true);
    expect(refused).toMatchObject({
      code: 'unavailable',
      policy: 'bulkhead',
      policyName: 'reports',
      message: "The bulkhead 'reports' is full: 2 calls are running and 2 are waiting.",
    });
    expect(operation).toHaveBeenCalledTimes(2);
    for (let at = 0; at < 4; at++) {
      ends[at]?.();
      await turns();
    }
    await Promise.all(calls);
    expect(order).toEqual([0, 1, 2, 3]);
    expect(operation).toHaveBeenCalledTimes(4);
  });

  test('ends a wait on abort, and gives its place to the next call', async () => {
    const { ends, operation } = held();
    const policy = bulkhead({ concurrency: 1, queue: 2 });
    const controller = new AbortController();
    void policy(operation);
    const second = policy(operation, controller.signal);
    const third = policy(operation);
    controller.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    ends[0]?.();
    await turns();
    ends[1]?.();
    await third;
    expect(operation).toHaveBeenCalledTimes(2);
  });

  test('is free again after a failure', async () => {
    const policy = bulkhead({ concurrency: 1 });
    await expect(policy(down)).rejects.toThrow('down');
    expect(await policy(() => 1)).toBe(1);
  });

  test('polls on Workers, where no request may wait for another', async () => {
    const clock = virtualClock();
    const { ends, operation } = held();
    const policy = bulkhead({ concurrency: 1, queue: 1 });
    const place = { clock, platform: 'cloudflare' };
    void policy(operation, place);
    const second = policy(operation, place);
    await expect(policy(operation, place)).rejects.toMatchObject({ policy: 'bulkhead' });
    await clock.advance(30);
    expect(operation).toHaveBeenCalledTimes(1);
    ends[0]?.();
    await clock.advance(10);
    ends[1]?.();
    await second;
  });

  test.each([
    [{ concurrency: 0 }, 'bulkhead(...): `concurrency` must be a whole number from 1 up; got 0.'],
    [{}, 'bulkhead(...): `concurrency` must be a whole number from 1 up; got undefined.'],
    [{ concurrency: 1, queue: -1 }, 'bulkhead(...): `queue` must be a number from 0 up; got -1.'],
  ])('of %j is refused', (options, message) => {
    expect(() => bulkhead(options as never)).toThrow(message);
  });
});

describe('a hedge', () => {
  const slow = (clock: ReturnType<typeof virtualClock>, ...times: (number | Error)[]) => {
    const aborted: number[] = [];
    let calls = 0;
    const operation = async ({ signal }: Call): Promise<number> => {
      const at = calls++;
      signal.addEventListener('abort', () => aborted.push(at));
      const time = times[at] as number | Error;
      if (time instanceof Error) throw time;
      await clock.sleep(time);
      return at;
    };
    return { operation, aborted, count: () => calls };
  };

  test('takes the first value, and aborts the other call', async () => {
    const clock = virtualClock();
    const { operation, aborted } = slow(clock, 1_000, 100);
    const call = hedge({ after: 200, idempotent: true })(operation, { clock });
    await clock.advance(300);
    expect(await call).toBe(1);
    expect(aborted).toEqual([0]);
  });

  test('sends no second call if the first ends soon, or fails', async () => {
    const clock = virtualClock();
    const quick = slow(clock, 100);
    const call = hedge({ after: 200, idempotent: true })(quick.operation, { clock });
    await clock.advance(1_000);
    expect([await call, quick.count()]).toEqual([0, 1]);
    const broken = slow(clock, new Error('down'));
    await expect(hedge({ after: 200, idempotent: true })(broken.operation, { clock })).rejects.toThrow('down');
    await clock.advance(1_000);
    expect(broken.count()).toBe(1);
  });

  test('waits for the other call if one fails', async () => {
    const clock = virtualClock();
    const { operation } = slow(clock, 500, new Error('down'));
    const call = hedge({ after: 200, idempotent: true })(operation, { clock });
    await clock.advance(500);
    expect(await call).toBe(0);
  });

  test('uses a budget', async () => {
    const clock = virtualClock();
    const budget = retryBudget({ ratio: 0, floor: 1 });
    const policy = hedge({ after: 10, idempotent: true, budget });
    const operation = vi.fn(() => clock.sleep(1_000));
    const calls = [1, 2, 3].map(() => policy(operation, { clock }));
    await clock.advance(1_000);
    await Promise.all(calls);
    expect(operation).toHaveBeenCalledTimes(4);
  });

  test('requires `idempotent: true`', () => {
    expect(() => hedge({ after: 10 } as never)).toThrow('hedge(...): `idempotent` must be true');
    expect(() => hedge({ idempotent: true } as never)).toThrow('hedge(...): `after` is required: in ms');
    expect(() => hedge({ after: -1, idempotent: true })).toThrow('hedge(...): `after` must be a number from 0 up');
    expect(() => hedge({ after: 1, idempotent: true, budget: {} as never })).toThrow('hedge(...): `budget.withdraw`');
  });
});

describe('the order of policies', () => {
  test.each([
    [
      'a timeout inside a shorter one',
      () => compose(timeout(1_000), retry(), timeout(5_000)),
      'timeout(5000) is inside timeout(1000)',
    ],
    ['two equal timeouts', () => compose(timeout(1_000), timeout(1_000)), 'the outer one must be longer'],
    [
      'in compositions',
      () => compose(compose(timeout(1_000)), compose(retry(), timeout(5_000))),
      'timeout(5000) is inside',
    ],
    [
      'a fallback that hides every error from a retry',
      () =>
        compose(
          retry(),
          fallback(() => 1),
        ),
      'fallback(...) is inside retry(...)',
    ],
    [
      'and from a circuit',
      () =>
        compose(
          circuitBreaker({ name: 'x' }),
          fallback(() => 1),
        ),
      'inside circuitBreaker(...)',
    ],
    ['in a layer', () => resilience(timeout(1), timeout(2)), 'timeout(2) is inside timeout(1)'],
    [
      'an object that is no policy',
      () => compose(retry(), {} as never),
      'argument 2 must be a policy; got an object with []',
    ],
    ['a function that makes a policy', () => resilience(retry as never), 'argument 1 must be a policy; got function'],
  ])('is refused if it makes no sense: %s', (_name, define, message) => {
    expect(define).toThrow(message);
  });

  test('is accepted if it makes sense', () => {
    compose(timeout(5_000), retry(), timeout(1_000));
    compose(
      retry(),
      fallback(() => 1, { when: isRefused }),
      circuitBreaker({ name: 'x' }),
    );
    compose(
      fallback(() => 1),
      retry(),
      bulkhead({ concurrency: 1 }),
      timeout(1),
    );
    standard({ name: 'x' });
  });

  test('may be empty, which runs the operation', async () => {
    expect(await compose()(() => 1)).toBe(1);
  });

  test('is from the outside in', async () => {
    const clock = virtualClock();
    const operation = vi.fn(() => never());
    const call = compose(retry({ attempts: 2, backoff: constant(0) }), timeout(100))(operation, { clock }).catch(
      String,
    );
    await clock.advance(200);
    expect(await call).toContain('100 ms');
    expect(operation).toHaveBeenCalledTimes(2);
  });
});

describe('the layer', () => {
  test('runs the inner layers again, and each attempt has its number and its deadline', async () => {
    const clock = virtualClock();
    const seen: unknown[] = [];
    const fn = defineFunction('stock', http({ method: 'GET', path: '/stock', timeout: 10_000 }))
      .use(resilience(retry({ backoff: constant(100) }), timeout(1_000)))
      .handle((_event, { attempt, remaining, signal, deadline }) => {
        seen.push([attempt, remaining(), deadline - clock.now(), signal.aborted]);
        if (attempt < 3) throw new Error('not yet');
        return json(200, attempt);
      });
    const answer = invoke(fn, fakeHttp(), { clock });
    await clock.advance(1_000);
    expect((await answer).body).toBe(3);
    expect(seen).toEqual([
      [1, 1_000, 1_000, false],
      [2, 1_000, 1_000, false],
      [3, 1_000, 1_000, false],
    ]);
  });

  test('gives up before the margin of the platform’s deadline', async () => {
    const clock = virtualClock();
    const handler = vi.fn(() => {
      throw new Error('down');
    });
    const fn = defineFunction('stock', http({ method: 'GET', path: '/stock', timeout: 1_000 }))
      .use(resilience(retry({ backoff: constant(895) })))
      .handle(handler);
    // 900 ms until the signal aborts: 895 ms and `leastTime` are too much.
    expect((await invoke(fn, fakeHttp(), { clock })).status).toBe(500);
    expect(handler).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['retryLater', () => retryLater({ after: 30_000 }), { outcome: 'retryLater', after: 30_000 }],
    ['reject', () => reject('poison'), { outcome: 'reject' }],
  ])('passes %s through unchanged', async (_name, signal, outcome) => {
    const handler = vi.fn(() => {
      throw signal();
    });
    const fn = defineFunction('charge', queue({ queue: 'orders' }))
      .use(resilience(standard({ name: 'all' })))
      .handle(handler);
    expect(await deliver(fn, fakeMessage(1))).toMatchObject(outcome);
    expect(handler).toHaveBeenCalledTimes(1);
  });

  test('answers 503 while a circuit is open', async () => {
    const fn = defineFunction('stock', http({ method: 'GET', path: '/stock' }))
      .use(resilience(circuitBreaker({ name: 'stock', failures: 1 })))
      .handle(() => {
        throw new Error('down');
      });
    expect((await invoke(fn, fakeHttp())).status).toBe(500);
    expect((await invoke(fn, fakeHttp())).status).toBe(503);
  });
});

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function unreadable(): Error {
  return Object.defineProperty(new Error('x'), 'message', {
    get() {
      throw new Error('unreadable');
    },
  });
}

describe('a message that fails', () => {
  const fn = (deliveries: number, error: unknown = new Error('down')) =>
    defineFunction('charge', queue({ queue: 'orders' }))
      .use(deadLetter({ deliveries }))
      .handle(() => {
        throw error;
      });

  test('becomes a dead letter after its last delivery, with its error, and is acked', async () => {
    const sink = memory();
    const options = (deliveryAttempt: number) => ({ deliveryAttempt, wiring: { deadLetter: sink } });
    expect(await deliver(fn(3), fakeMessage(1), options(2))).toMatchObject({ outcome: 'retry', done: false });
    expect(sink.sent).toHaveLength(0);
    expect(await deliver(fn(3), fakeMessage(1), options(3))).toMatchObject({ outcome: 'reject', done: true });
    expect(JSON.stringify(sink.sent)).toContain('down');
  });

  test('is no dead letter if it asks for a later delivery; without a sink it is redelivered', async () => {
    const later = retryLater({ after: 1 });
    expect(await deliver(fn(3, later), fakeMessage(1), { deliveryAttempt: 2 })).toMatchObject({
      outcome: 'retryLater',
    });
    expect(await deliver(fn(3, later), fakeMessage(1), { deliveryAttempt: 9 })).toMatchObject({
      outcome: 'retryLater',
      done: false,
    });
    expect(await deliver(fn(3, 'text'), fakeMessage(1), { deliveryAttempt: 4 })).toMatchObject({ outcome: 'reject' });
    expect(await deliver(fn(3, reject('x')), fakeMessage(1), { deliveryAttempt: 1 })).toMatchObject({
      outcome: 'reject',
    });
  });

  test.each([
    ['null', null],
    ['an object of no prototype', Object.create(null)],
    ['a proxy that is revoked', revoked()],
    ['an error whose message throws', unreadable()],
    ['an error with such a cause', new Error('x', { cause: Object.create(null) })],
    ['an error of another realm', runInNewContext('new Error("x")')],
  ])('becomes a dead letter whatever it throws: %s', async (_, thrown) => {
    const sink = memory();
    const delivered = await deliver(fn(3, thrown), fakeMessage(1), {
      deliveryAttempt: 3,
      wiring: { deadLetter: sink },
    });
    expect(delivered).toMatchObject({ outcome: 'reject', done: true });
    expect(sink.sent).toHaveLength(1);
  });

  test('requires a number of deliveries', () => {
    expect(() => deadLetter({ deliveries: 0 })).toThrow(
      'deadLetter(...): `deliveries` must be a whole number from 1 up; got 0.',
    );
  });
});

test('isRefused recognises refusals from any copy of the package, and nothing else', () => {
  const copy = Object.assign(new FunctionError('unavailable', 'open'), { policy: 'circuitBreaker' });
  expect(isRefused(copy)).toBe(true);
  const odd = new Proxy(
    {},
    {
      get: () => {
        throw new Error('looked');
      },
    },
  );
  for (const other of [undefined, null, 1, new Error('x'), new FunctionError('unavailable'), odd])
    expect(isRefused(other)).toBe(false);
});

test('observed errors have no secrets, and the policies handle the error unchanged', async () => {
  const heard: string[] = [];
  const end = observe((event) => void heard.push(inspect(event, { depth: 9 })));
  let seen: unknown;
  const again = (error: unknown): boolean => {
    seen = (error as Error).message;
    return true;
  };
  const charge = defineFunction
    .env(z.object({ PAY_KEY: z.string() }))('charge', queue({ queue: 'orders' }))
    .use(
      resilience(
        fallback(() => undefined as never),
        retry({ attempts: 3, backoff: constant(1), when: again }),
      ),
    )
    .handle((_event, { env }) => {
      throw new Error(`bad key ${env.PAY_KEY}`, { cause: { authorization: env.PAY_KEY } });
    });
  await deliver(charge, fakeMessage(1), { wiring: { env: { PAY_KEY: envProvider(() => 's3cr3t-value') } } });
  end();
  const all = heard.join();
  for (const type of ['retry.scheduled', 'retry.stopped', 'fallback.used']) expect(all).toContain(type);
  expect(all).toContain('bad key [secret]');
  expect(all).not.toContain('s3cr3t-value');
  expect(seen).toBe('bad key s3cr3t-value');
});
