import { FunctionError, observe, retryLater } from '@tradewind/core';
import { virtualClock } from '@tradewind/core/testing';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CircuitBreaker, type CircuitBreakerOptions, circuitBreaker, isRefused } from '../index.js';
import { CountedWindow, TimedWindow } from './window.js';

const changes: string[] = [];
const stop = observe((event) => {
  if (event.type === 'circuit.changed') changes.push(`${event.name}: ${event.from} to ${event.to}`);
});
afterAll(stop);
beforeEach(() => {
  changes.length = 0;
});

const down = async (): Promise<number> => {
  throw new Error('down');
};
const up = async (): Promise<number> => 1;

function tried(options: CircuitBreakerOptions) {
  const clock = virtualClock(1_000_000);
  const policy: CircuitBreaker = circuitBreaker(options);
  const ask = async (operation: () => Promise<number>): Promise<'up' | 'down' | 'refused'> => {
    try {
      await policy(operation, { clock });
      return 'up';
    } catch (error) {
      return isRefused(error) ? 'refused' : 'down';
    }
  };
  return { clock, policy, ask };
}

describe('a circuit', () => {
  test('opens after consecutive failures, and lets one call through ten minutes later', async () => {
    const { clock, policy, ask } = tried({ name: 'pay', failures: 3, openFor: 600_000 });
    expect([await ask(down), await ask(down), await ask(up), await ask(down), await ask(down)]).not.toContain(
      'refused',
    );
    expect(policy.state).toBe('closed');
    await ask(down);
    expect(policy.state).toBe('open');
    expect(await ask(up)).toBe('refused');
    await clock.advance(599_999);
    expect(await ask(up)).toBe('refused');
    await clock.advance(1);
    expect(await ask(up)).toBe('up');
    expect(policy.state).toBe('closed');
    expect(changes).toEqual(['pay: closed to open', 'pay: open to half-open', 'pay: half-open to closed']);
  });

  test('names itself in its refusal, and says for how long it is open', async () => {
    const { clock, policy, ask } = tried({ name: 'pay', failures: 1, openFor: 5_000 });
    await ask(down);
    await clock.advance(2_000);
    await expect(policy(up, { clock })).rejects.toMatchObject({
      code: 'unavailable',
      policy: 'circuitBreaker',
      policyName: 'pay',
      retryAfter: 3_000,
      message: "The circuit 'pay' is open: too many calls have failed.",
      cause: expect.objectContaining({ message: 'down' }),
    });
    await clock.advance(3_000);
    void policy(() => new Promise(() => {}), { clock });
    await expect(policy(up, { clock })).rejects.toMatchObject({
      message: "The circuit 'pay' is half-open: another call is testing whether the service works again.",
    });
  });

  test('counts a timeout that the caller set as a failure', async () => {
    const { policy } = tried({ name: 'pay', failures: 1 });
    const slow = policy(
      ({ signal }) => new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason))),
      AbortSignal.timeout(5),
    );
    await expect(slow).rejects.toMatchObject({ name: 'TimeoutError' });
    await vi.waitFor(() => expect(policy.state).toBe('open'));
  });

  test('opens again if the probe fails', async () => {
    const { clock, ask } = tried({ name: 'pay', failures: 1, openFor: 1_000 });
    await ask(down);
    await clock.advance(1_000);
    expect([await ask(down), await ask(up)]).toEqual(['down', 'refused']);
    await clock.advance(1_000);
    expect(await ask(up)).toBe('up');
  });

  test('lets a number of probes through at once, and refuses the rest until they have succeeded', async () => {
    const { clock, policy, ask } = tried({ name: 'pay', failures: 1, openFor: 1_000, probes: 3 });
    await ask(down);
    await clock.advance(1_000);
    const slow = async () => {
      await clock.sleep(100);
      return 1;
    };
    const calls = Array.from({ length: 10 }, () => ask(slow));
    await clock.advance(100);
    expect((await Promise.all(calls)).filter((end) => end === 'up')).toHaveLength(3);
    expect(policy.state).toBe('closed');
  });

  test('allows another probe if one never ends', async () => {
    const { clock, policy, ask } = tried({ name: 'pay', failures: 1, openFor: 1_000 });
    await ask(down);
    await clock.advance(1_000);
    void ask(() => new Promise(() => {}));
    expect(await ask(up)).toBe('refused');
    await clock.advance(1_000);
    expect(await ask(up)).toBe('up');
    expect(policy.state).toBe('closed');
  });

  test('ignores a call that began before its state changed', async () => {
    const { clock, policy, ask } = tried({ name: 'pay', failures: 2, openFor: 1_000 });
    const late = ask(async () => {
      await clock.sleep(1_500);
      throw new Error('late');
    });
    await ask(down);
    await ask(down);
    await clock.advance(1_000);
    expect(await ask(up)).toBe('up');
    await ask(down);
    await clock.advance(500);
    expect(await late).toBe('down');
    expect(policy.state).toBe('closed');
  });

  test.each([
    ['retryLater', retryLater({ after: 1 }), 'closed'],
    ['a fault of the caller', new FunctionError('not_found'), 'closed'],
    ['a fault of the service', new FunctionError('bad_gateway'), 'open'],
    ['what is no error', 'text', 'open'],
  ])('counts %s correctly', async (_name, error, state) => {
    const { policy, ask } = tried({ name: 'pay', failures: 1 });
    await ask(async () => {
      throw error;
    });
    expect(policy.state).toBe(state);
  });

  test('does not count a caller who left as a failure, but counts a timeout', async () => {
    const { policy } = tried({ name: 'pay', failures: 1 });
    const controller = new AbortController();
    const leaving = policy(async () => {
      controller.abort(new Error('gone'));
      throw controller.signal.reason;
    }, controller.signal);
    await expect(leaving).rejects.toThrow('gone');
    expect(policy.state).toBe('closed');
    const late = new AbortController();
    const slow = policy(async () => {
      late.abort(new FunctionError('timeout'));
      throw late.signal.reason;
    }, late.signal);
    await expect(slow).rejects.toThrow();
    expect(policy.state).toBe('open');
  });

  test('counts a slow call as failed', async () => {
    const { clock, policy, ask } = tried({ name: 'pay', failures: 2, slowAfter: 100 });
    const slow = (ms: number) => async () => {
      await clock.sleep(ms);
      return 1;
    };
    for (const ms of [101, 100, 101, 101]) {
      const call = ask(slow(ms));
      await clock.advance(ms);
      expect(await call).toBe('up');
    }
    expect(policy.state).toBe('open');
  });

  test('is not open for longer than `openFor` if the clock is set back', async () => {
    const policy = circuitBreaker({ name: 'pay', failures: 1, openFor: 1_000 });
    await policy(down, { clock: virtualClock(1_000_000) }).catch(() => {});
    const back = virtualClock(0);
    await expect(policy(up, { clock: back })).rejects.toMatchObject({ retryAfter: 1_000 });
    await back.advance(1_000);
    expect(await policy(up, { clock: back })).toBe(1);
  });

  test('opens at the failure rate of its last calls, or of a period', async () => {
    const counted = tried({ name: 'pay', window: { calls: 4, failureRate: 0.5 } });
    for (const operation of [down, up, up]) await counted.ask(operation);
    expect(counted.policy.state).toBe('closed');
    await counted.ask(down);
    expect(counted.policy.state).toBe('open');

    const timed = tried({ name: 'pay', window: { ms: 10_000, failureRate: 0.5, minimum: 4 } });
    for (const operation of [down, down, up]) await timed.ask(operation);
    await timed.clock.advance(10_000);
    for (const operation of [down, up, up]) await timed.ask(operation);
    await timed.ask(up);
    expect(timed.policy.state).toBe('closed');
    for (const operation of [down, down]) await timed.ask(operation);
    expect(timed.policy.state).toBe('open');
  });

  test.each([
    [{}, 'circuitBreaker(...): `name` must be a string'],
    [{ name: 'x', failures: 0 }, 'circuitBreaker(...): `failures` must be a whole number from 1 up; got 0.'],
    [{ name: 'x', failures: 1, window: { calls: 1 } }, 'choose one'],
    [
      { name: 'x', window: { seconds: 1 } },
      "The window of circuitBreaker(...): unknown option 'seconds'. The options are calls, ms, failureRate, minimum.",
    ],
    [{ name: 'x', window: { calls: 5, minimum: 6 } }, '`window.minimum` must not be above `window.calls`, 5; got 6.'],
    [{ name: 'x', window: { ms: 0 } }, 'circuitBreaker(...): `window.ms`'],
    [{ name: 'x', window: {} }, '`window` must have `calls` or `ms`; got an object with [].'],
    [{ name: 'x', window: 30_000 }, 'the options must be an object; got number.'],
    [{ name: 'x', window: { ms: 1, calls: 1 } }, '`window.calls` and `window.ms` exclude each other: choose one.'],
    [{ name: 'x', failureRate: 0.5 }, "circuitBreaker(...): unknown option 'failureRate'"],
    [{ name: 'x', window: { ms: 1 }, quorum: 0.5 }, '`quorum` and `refresh` need a `store`'],
    [undefined, 'circuitBreaker(...): the options must be an object; got undefined.'],
    [{ name: 'x', window: { ms: 1, failureRate: 50 } }, '`window.failureRate` must be above 0 and at most 1; got 50.'],
    [{ name: 'x', probes: 0 }, 'circuitBreaker(...): `probes`'],
    [{ name: 'x', openFor: '30s' }, 'circuitBreaker(...): `openFor`'],
    [{ name: 'x', failures: 5, store: { exchange() {} } }, "'x' has a `store`, so its `window` must have `ms`."],
    [
      { name: 'x', window: { ms: 1 }, store: {} },
      'circuitBreaker(...): `store.exchange` (see memoryBreakerStore()) must be a function',
    ],
    [
      { name: 'x', window: { ms: 1 }, store: { exchange() {} }, quorum: 1 },
      'circuitBreaker(...): `quorum` must be below 1; got 1.',
    ],
  ])('of %j is refused', (options, message) => {
    expect(() => circuitBreaker(options as never)).toThrow(message);
  });
});

describe('a window', () => {
  test('of calls counts exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (ends, calls) => {
        const window = new CountedWindow({ calls, minimum: 1, failureRate: 1 });
        for (const [at, isFailure] of ends.entries()) {
          const isOver = window.add(isFailure);
          const last = ends.slice(Math.max(0, at + 1 - calls), at + 1);
          expect(window.counts()).toEqual({ calls: last.length, failures: last.filter(Boolean).length });
          expect(isOver).toBe(last.every(Boolean));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('of time counts exactly, by tenths', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 400 }), isFailure: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), fc.integer({ min: 10, max: 1_000 }), (steps, ms) => {
        const window = new TimedWindow({ ms, minimum: 1 });
        const seen: { slot: number; isFailure: boolean }[] = [];
        let now = 1_700_000_000_000;
        for (const { wait, isFailure } of steps) {
          now += wait;
          const slot = Math.floor(now / (ms / 10));
          seen.push({ slot, isFailure });
          window.add(isFailure, now);
          const last = seen.filter((one) => one.slot > slot - 10);
          expect(window.counts(now)).toEqual({
            calls: last.length,
            failures: last.filter((one) => one.isFailure).length,
          });
        }
        expect(window.counts(now + ms + 1)).toEqual({ calls: 0, failures: 0 });
      }),
      { numRuns: 2_000 },
    );
  });

  test('of time stands still if the clock is set back a little, and starts anew if it is set back by more', () => {
    const window = new TimedWindow({ ms: 1_000, minimum: 1 });
    window.add(true, 100_000);
    window.add(true, 99_800);
    expect(window.counts(99_900)).toEqual({ calls: 2, failures: 2 });
    expect(window.counts(50_000)).toEqual({ calls: 0, failures: 0 });
  });
});

/** A model of a circuit: a list of what happened, which is searched at every step. */
class Model {
  state: 'closed' | 'open' | 'half-open' = 'closed';
  run = 0;
  openedAt = 0;
  trying: { id: number; since: number }[] = [];
  won = 0;
  era = 0;
  readonly #failures: number;
  readonly #openFor: number;
  readonly #probes: number;
  constructor(failures: number, openFor: number, probes: number) {
    this.#failures = failures;
    this.#openFor = openFor;
    this.#probes = probes;
  }
  #to(state: Model['state'], now: number): void {
    this.state = state;
    this.run = this.won = 0;
    this.trying = [];
    this.era++;
    if (state === 'open') this.openedAt = now;
  }
  enter(id: number, now: number): { era: number } | undefined {
    if (this.state === 'closed') return { era: this.era };
    if (this.state === 'open') {
      if (now < this.openedAt + this.#openFor) return undefined;
      this.#to('half-open', now);
    }
    this.trying = this.trying.filter(({ since }) => since + this.#openFor > now);
    if (this.trying.length + this.won >= this.#probes) return undefined;
    this.trying.push({ id, since: now });
    return { era: this.era };
  }
  leave(id: number, era: number, isFailure: boolean, now: number): void {
    if (era !== this.era) return;
    if (this.state === 'closed') {
      this.run = isFailure ? this.run + 1 : 0;
      if (this.run >= this.#failures) this.#to('open', now);
      return;
    }
    if (!this.trying.some((one) => one.id === id)) return;
    this.trying = this.trying.filter((one) => one.id !== id);
    if (isFailure) this.#to('open', now);
    else if (++this.won >= this.#probes) this.#to('closed', now);
  }
}

test('10,000 random histories match a model', { timeout: 120_000 }, async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('begin' as const) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('end' as const), which: fc.nat(5), isFailure: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 150 }) }) },
  );
  const options = fc.record({ failures: fc.integer({ min: 1, max: 3 }), probes: fc.integer({ min: 1, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), options, async (steps, { failures, probes }) => {
      let now = 5_000;
      const clock = { now: () => now, sleep: async () => {} };
      const policy = circuitBreaker({ name: 'x', failures, openFor: 100, probes });
      const model = new Model(failures, 100, probes);
      const running: { id: number; era: number; end: (isFailure: boolean) => Promise<unknown> }[] = [];
      for (const [id, one] of steps.entries()) {
        if (one.do === 'wait') now += one.ms;
        else if (one.do === 'begin') {
          const expected = model.enter(id, now);
          let end: ((isFailure: boolean) => void) | undefined;
          const call = policy(
            () =>
              new Promise<void>((resolve, reject) => {
                end = (isFailure) => (isFailure ? reject(new Error('down')) : resolve());
              }),
            { clock },
          ).catch(() => {});
          expect(end !== undefined, `step ${id}`).toBe(expected !== undefined);
          if (end && expected) {
            const finish = end;
            running.push({
              id,
              era: expected.era,
              end: (isFailure) => {
                finish(isFailure);
                return call;
              },
            });
          }
        } else if (running.length > 0) {
          const [call] = running.splice(one.which % running.length, 1);
          if (!call) continue;
          await call.end(one.isFailure);
          model.leave(call.id, call.era, one.isFailure, now);
        }
        expect(policy.state, `step ${id}`).toBe(model.state);
      }
    }),
    { numRuns: 10_000 },
  );
});
