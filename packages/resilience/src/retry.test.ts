import { FunctionError, observe, reject, retryLater } from '@tradewind/core';
import { virtualClock } from '@tradewind/core/testing';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { compose, constant, exponential, fallback, type PolicyEvents, retry, retryBudget, timeout } from './index.js';

const failing = (error: unknown = new Error('down')) =>
  vi.fn(async (): Promise<number> => {
    throw error;
  });
const told: (keyof PolicyEvents | PolicyEvents['retry.stopped']['reason'])[] = [];
const stop = observe((event) => {
  if (event.type === 'retry.scheduled') told.push(event.type);
  if (event.type === 'retry.stopped') told.push(event.reason);
});
afterEach(() => {
  told.length = 0;
});

/** Advances the clock until the promise is settled. */
async function within<T>(clock: ReturnType<typeof virtualClock>, work: Promise<T>, ms = 600_000): Promise<T> {
  const settled = Promise.allSettled([work]);
  await clock.advance(ms);
  const [end] = await settled;
  if (end?.status === 'rejected') throw end.reason;
  return (end as PromiseFulfilledResult<T>).value;
}

describe('an operation that fails', () => {
  test('is tried three times, and its last error is thrown', async () => {
    const clock = virtualClock();
    const operation = failing();
    await expect(within(clock, retry()(operation, { clock }))).rejects.toThrow('down');
    expect(operation).toHaveBeenCalledTimes(3);
    expect(told).toEqual(['retry.scheduled', 'retry.scheduled', 'attempts']);
  });

  test('and then succeeds gives its value, and knows the number of its attempt', async () => {
    const clock = virtualClock();
    const attempts: number[] = [];
    const policy = retry({ attempts: 5, backoff: constant(100) });
    const value = await within(
      clock,
      policy(
        ({ attempt }) => {
          attempts.push(attempt);
          if (attempt < 3) throw new Error('not yet');
          return 'there';
        },
        { clock },
      ),
    );
    expect(value).toBe('there');
    expect(attempts).toEqual([1, 2, 3]);
    expect(told).toEqual(['retry.scheduled', 'retry.scheduled']);
  });

  test('by throwing synchronously counts as a rejection', async () => {
    const operation = vi.fn((): number => {
      throw new Error('at once');
    });
    await expect(retry({ attempts: 2, backoff: constant(0) })(operation)).rejects.toThrow('at once');
    expect(operation).toHaveBeenCalledTimes(2);
  });

  test.each([
    ['retryLater', retryLater({ after: 1 })],
    ['reject', reject('poison')],
  ])('with %s is not retried, whatever `when` says', async (_name, signal) => {
    const operation = failing(signal);
    await expect(retry({ when: () => true })(operation)).rejects.toBe(signal);
    expect(operation).toHaveBeenCalledTimes(1);
    expect(told).toEqual([]);
  });

  test.each([
    ['a FunctionError that no try would change', new FunctionError('not_found'), 1],
    ['one that may be tried again', new FunctionError('unavailable'), 3],
    ['nothing', undefined, 3],
    ['a text', 'down', 3],
  ])('with %s', async (_name, error, calls) => {
    const operation = vi.fn(async () => {
      throw error;
    });
    await expect(retry({ backoff: constant(0) })(operation)).rejects.toBe(error);
    expect(operation).toHaveBeenCalledTimes(calls);
  });

  test('with a proxy that throws on every access gets that proxy back', async () => {
    const odd = new Proxy(
      {},
      {
        get: () => {
          throw new Error('looked');
        },
        getPrototypeOf: () => null,
      },
    );
    await expect(
      retry({ backoff: constant(0) })(() => {
        throw odd;
      }),
    ).rejects.toBe(odd);
  });

  test('with an error that a custom `when` excludes is not retried', async () => {
    const when = vi.fn((error: unknown) => (error as Error).message !== 'down');
    const operation = failing();
    await expect(retry({ when })(operation)).rejects.toThrow('down');
    expect(when).toHaveBeenCalledWith(expect.any(Error), 1);
    expect(told).toEqual(['error']);
  });
});

test.each([
  ['nothing', undefined, 'undefined'],
  ['a promise', Promise.resolve(1), 'a promise'],
  ['null', null, 'null'],
])('a value that is no operation is refused, and not retried: %s', async (_name, operation, came) => {
  const policy = compose(
    fallback(() => 'hidden'),
    retry(),
  );
  await expect(policy(operation as never)).rejects.toThrow(
    `A policy must be given a function, which it calls for each attempt; got ${came}.`,
  );
});

describe('a deadline', () => {
  test('300 ms away makes a retry after 500 ms give up at once, with the original error', async () => {
    const clock = virtualClock(1_000);
    const operation = failing();
    const policy = retry({ backoff: constant(500) });
    await expect(policy(operation, { clock, deadline: 1_300 })).rejects.toThrow('down');
    expect(operation).toHaveBeenCalledTimes(1);
    expect(clock.now()).toBe(1_000);
    expect(told).toEqual(['deadline']);
  });

  test('can come from a timeout around it', async () => {
    const clock = virtualClock();
    const operation = failing();
    const policy = compose(timeout(300), retry({ backoff: constant(500) }));
    await expect(policy(operation, { clock })).rejects.toThrow('down');
    expect(operation).toHaveBeenCalledTimes(1);
  });

  test('leaves room for `leastTime`', async () => {
    const clock = virtualClock();
    const operation = failing();
    const policy = retry({ backoff: constant(100), leastTime: 200 });
    await expect(policy(operation, { clock, deadline: 299 })).rejects.toThrow('down');
    expect(operation).toHaveBeenCalledTimes(1);
    await expect(within(clock, policy(operation, { clock, deadline: 300 }))).rejects.toThrow('down');
    expect(operation).toHaveBeenCalledTimes(3);
  });
});

describe('without a signal, a deadline', () => {
  test('aborts the attempt’s signal and ends the call, whether or not the operation respects it', async () => {
    const clock = virtualClock();
    let signal: AbortSignal | undefined;
    const call = retry()(
      (one) => {
        signal = one.signal;
        return new Promise(() => {});
      },
      { clock, deadline: 50 },
    );
    const end = expect(call).rejects.toMatchObject({ code: 'timeout', message: 'The call took longer than 50 ms.' });
    await clock.advance(50);
    await end;
    expect(signal?.aborted).toBe(true);
  });

  test('that has passed prevents the call', async () => {
    const operation = failing();
    const clock = virtualClock(1_000);
    await expect(retry()(operation, { clock, deadline: 1_000 })).rejects.toThrow(
      'The deadline had passed before the call, so nothing was called.',
    );
    await expect(timeout(10)(operation, { clock, deadline: 5 })).rejects.toMatchObject({ code: 'timeout' });
    expect(operation).not.toHaveBeenCalled();
  });

  test('that is NaN is ignored', async () => {
    expect(await retry()(() => 1, { deadline: Number.NaN })).toBe(1);
    expect(await timeout(50)(() => 1, { deadline: Number.NaN })).toBe(1);
  });
});

describe('an abort', () => {
  test('ends the call at once, even if the operation ignores it', async () => {
    const controller = new AbortController();
    const operation = vi.fn(() => new Promise<never>(() => {}));
    const call = retry()(operation, controller.signal);
    controller.abort(new Error('gone'));
    await expect(call).rejects.toThrow('gone');
    expect(operation).toHaveBeenCalledTimes(1);
  });

  test('during a wait ends it at once, and the operation is not called again', async () => {
    const controller = new AbortController();
    const operation = failing();
    const call = retry({ backoff: constant(60_000) })(operation, controller.signal);
    await vi.waitFor(() => expect(told).toEqual(['retry.scheduled']));
    controller.abort(new Error('gone'));
    await expect(call).rejects.toThrow('gone');
    expect(operation).toHaveBeenCalledTimes(1);
  });

  test('before the call prevents it', async () => {
    const operation = failing();
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(retry()(operation, signal)).rejects.toThrow('gone');
    await expect(retry()(operation, { signal })).rejects.toThrow('gone');
    expect(operation).not.toHaveBeenCalled();
  });

  test('during an attempt gives the attempt’s error', async () => {
    const controller = new AbortController();
    const operation = vi.fn(async ({ signal }: { signal: AbortSignal }) => {
      controller.abort(new Error('gone'));
      signal.throwIfAborted();
    });
    await expect(retry({ backoff: constant(0) })(operation, controller.signal)).rejects.toThrow('gone');
    expect(operation).toHaveBeenCalledTimes(1);
  });
});

describe('a wait', () => {
  const waits = async (error: unknown, backoff = constant(100)) => {
    const clock = virtualClock();
    const at: number[] = [];
    const policy = retry({ attempts: 3, backoff });
    await within(
      clock,
      policy(
        () => {
          at.push(clock.now());
          throw error;
        },
        { clock },
      ),
    ).catch(() => {});
    return at;
  };

  test('is at least as long as an error asks for', async () => {
    expect(await waits(Object.assign(new Error('busy'), { retryAfter: 2_000 }))).toEqual([0, 2_000, 4_000]);
    expect(await waits(Object.assign(new Error('busy'), { retryAfter: 1 }))).toEqual([0, 100, 200]);
  });

  test('that would be longer than `longestWait` stops the retries', async () => {
    expect(await waits(Object.assign(new Error('busy'), { retryAfter: 2_592_000_000 }))).toEqual([0]);
    expect(await waits(Object.assign(new Error('busy'), { retryAfter: Number.POSITIVE_INFINITY }))).toEqual([0]);
    expect(await waits(new Error('down'), () => Number.POSITIVE_INFINITY)).toEqual([0]);
    expect(told).toContain('wait');
  });

  test.each([Number.NaN, -1, Number.NEGATIVE_INFINITY, undefined, 'soon'])('of %s counts as 0', async (ms) => {
    expect(await waits(new Error('down'), () => ms as number)).toEqual([0, 0, 0]);
  });

  test.each(['full', 'equal', 'decorrelated', 'none'] as const)(
    'with %s jitter is in bounds for any attempt',
    (jitter) => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 20_000 }),
          fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
          fc.integer({ min: 1, max: 5_000 }),
          fc.integer({ min: 0, max: 100_000 }),
          fc.double({ min: 0, max: 20_000, noNaN: true }),
          (attempt, chance, base, more, previous) => {
            const cap = base + more;
            const wait = exponential({ base, cap, jitter, random: () => chance })(attempt, previous);
            const whole = Math.min(cap, base * 2 ** (attempt - 1));
            expect(wait).toBeLessThanOrEqual(cap);
            if (jitter === 'full') expect(wait).toBeGreaterThanOrEqual(0);
            if (jitter === 'equal') expect(wait).toBeGreaterThanOrEqual(whole / 2);
            if (jitter === 'decorrelated') expect(wait).toBeGreaterThanOrEqual(base);
            if (jitter === 'none') expect(wait).toBe(whole);
            if (jitter !== 'decorrelated') expect(wait).toBeLessThanOrEqual(whole);
          },
        ),
        { numRuns: 10_000 },
      );
    },
  );
});

describe('a budget', () => {
  test('limits 1,000 failing callers to a fifth more calls, plus the floor', async () => {
    const clock = virtualClock();
    const operation = failing();
    const policy = retry({ attempts: 5, backoff: constant(0), budget: retryBudget({ ratio: 0.2, floor: 10 }) });
    await Promise.allSettled(Array.from({ length: 1_000 }, () => policy(operation, { clock })));
    expect(operation.mock.calls.length).toBeLessThanOrEqual(1_200 + 10);
    expect(operation.mock.calls.length).toBeGreaterThan(1_005);
    expect(told).toContain('budget');
  });

  test('refills by the floor over time', async () => {
    const clock = virtualClock();
    const operation = failing();
    const policy = retry({ attempts: 5, backoff: constant(0) });
    for (let second = 0; second < 100; second++) {
      await Promise.allSettled(Array.from({ length: 10 }, () => policy(operation, { clock })));
      await clock.advance(1_000);
    }
    // One floor at the start, and one per ten seconds.
    expect(operation.mock.calls.length).toBeLessThanOrEqual(1_200 + 11 * 10);
  });

  test('lets an instance that sees little traffic retry', async () => {
    const clock = virtualClock();
    const operation = failing();
    const policy = retry({ attempts: 3, backoff: constant(0) });
    for (let minute = 0; minute < 20; minute++) {
      await policy(operation, { clock }).catch(() => {});
      await clock.advance(60_000);
    }
    expect(operation).toHaveBeenCalledTimes(60);
  });

  test('is shared by all policies that it is passed to', async () => {
    const budget = retryBudget({ ratio: 0, floor: 3 });
    const operation = failing();
    const policies = [1, 2, 3].map(() => retry({ attempts: 3, backoff: constant(0), budget }));
    const clock = virtualClock();
    await Promise.allSettled(policies.map((policy) => policy(operation, { clock })));
    expect(operation).toHaveBeenCalledTimes(6);
  });

  test('may be switched off', async () => {
    const operation = failing();
    const policy = retry({ attempts: 3, backoff: constant(0), budget: false });
    await Promise.allSettled(Array.from({ length: 100 }, () => policy(operation)));
    expect(operation).toHaveBeenCalledTimes(300);
  });

  test('is not refilled if the clock is set back', () => {
    const budget = retryBudget({ ratio: 0, floor: 1 });
    expect([budget.withdraw(1_000_000), budget.withdraw(0), budget.withdraw(1)]).toEqual([true, false, false]);
  });
});

test.each([
  ['no attempt', () => retry({ attempts: 0 }), 'retry(...): `attempts` must be a whole number from 1 up; got 0.'],
  ['attempts from a missing variable', () => retry({ attempts: Number.NaN }), '; got NaN.'],
  ['attempts that are a string', () => retry({ attempts: '3' as never }), "; got '3'."],
  ['attempts alone', () => retry(3 as never), 'retry(...): the options must be an object; got number.'],
  [
    'a misspelt option',
    () => retry({ retries: 3 } as never),
    "retry(...): unknown option 'retries'. The options are name, attempts,",
  ],
  [
    'an invalid budget',
    () => retry({ budget: { ratio: 0.1 } as never }),
    'retry(...): `budget.withdraw` (`budget` is retryBudget() or false) must be a function',
  ],
  ['a backoff that is a number', () => retry({ backoff: 100 as never }), 'retry(...): `backoff` must be a function'],
  ['a negative wait', () => constant(-1), 'constant(...): `ms` must be a number from 0 up; got -1.'],
  [
    'a cap below the base',
    () => exponential({ base: 2_000, cap: 1_000 }),
    'exponential(...): `cap` must not be below `base`, 2000 ms; got 1000 ms.',
  ],
  [
    'an unknown jitter',
    () => exponential({ jitter: 'some' as never }),
    'must be one of full, equal, decorrelated, none; got some.',
  ],
  [
    'a ratio below 0',
    () => retryBudget({ ratio: -1 }),
    'retryBudget(...): `ratio` must be a number from 0 up; got -1.',
  ],
  [
    'a budget of nothing',
    () => retryBudget({ ratio: 0, floor: 0 }),
    'retryBudget(...): `ratio` or `floor` must be above 0',
  ],
])('%s is refused at definition', (_name, define, message) => {
  expect(define).toThrow(message);
  stop();
});
