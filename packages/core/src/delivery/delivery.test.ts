import { runInNewContext } from 'node:vm';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { InvocationContext } from '../context/context.js';
import { Invocation } from '../context/invocation.js';
import { type AnyFunction, defineFunction } from '../function/define.js';
import { defineMiddleware } from '../function/middleware.js';
import type { CloudEvent } from '../messages/event.js';
import { type QueueTrigger, queue } from '../messages/queue.js';
import { type Observed, observe } from '../observe.js';
import {
  deliver,
  deliverBatch,
  fakeBatch,
  fakeMessage,
  fakeRaw,
  invoke,
  memory,
  virtualClock,
} from '../testing/index.js';
import type { DeadLetter } from './dead-letter.js';
import { isDeliverySignal, reject, retryLater } from './signal.js';

/** A proxy whose traps throw. */
function hostile(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const onQueue = queue({ queue: 'q' });
const throwing = (error: unknown) =>
  define('f', onQueue).handle(async () => {
    throw error;
  });
class TestContext extends InvocationContext {
  get platform(): string {
    return 'test';
  }
  get invocationId(): string {
    return 'i';
  }
  get rawEnv(): object {
    return {};
  }
}

const cyclic = () => {
  const error = new Error('round');
  error.cause = error;
  return error;
};
const hanging = () => new Promise<never>(() => {});

describe('one message', () => {
  test('is done when the handler returns', async () => {
    const fn = define('f', onQueue).handle(() => 'value');
    expect(await deliver(fn, fakeMessage(1))).toEqual({ outcome: 'ack', done: true });
  });

  test.each([
    ['an error', new Error('x')],
    ['undefined', undefined],
    ['null', null],
    ['a string', 'x'],
    ['an error that is its own cause', cyclic()],
  ])('is redelivered when handling it throws %s', async (_name, error) => {
    expect(await deliver(throwing(error), fakeMessage(1))).toEqual({ outcome: 'retry', done: false, error });
  });

  test('is redelivered when the handler returns promises that are not awaited, whose rejections do not end the process', async () => {
    const fn = define('f', onQueue).handle(() => [1, Promise.reject(new Error('later'))]);
    const { outcome, done, error } = await deliver(fn, fakeMessage(1));
    expect({ outcome, done }).toEqual({ outcome: 'retry', done: false });
    expect((error as Error).message).toBe(
      'The handler returned an array of promises, which is not awaited. Return await Promise.all(...) instead.',
    );
  });

  test.each([
    ['an error', new Error('x')],
    ['an error of another realm', runInNewContext('new Error("x")')],
    ['a proxy that throws whatever it is asked', hostile()],
    ['a list of one', [hostile()]],
    [
      'a list of what throws when it is waited for',
      [
        {
          // biome-ignore lint/suspicious/noThenProperty: this is what the test is about
          get then() {
            throw new Error('then');
          },
        },
      ],
    ],
  ])('causes no throw when the handler returns %s, with or without a layer', async (_name, value) => {
    const layer = defineMiddleware(async (_event, _context, next) => next());
    for (const fn of [define('f', onQueue), define('f', onQueue).use(layer)]) {
      const { outcome } = await deliver(fn.handle((async () => value) as never), fakeMessage(1));
      expect(outcome).toBe('retry');
    }
  });

  test('is redelivered when the handler throws synchronously', async () => {
    const fn = define('f', onQueue).handle(() => {
      throw new Error('x');
    });
    expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome: 'retry', done: false });
  });

  test.each([
    [30_000, 30_000],
    [0, 0],
    [-5, 0],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [1e300, 1e300],
    ['soon' as never, 0],
    [undefined as never, 0],
  ])('is redelivered for retryLater with %s ms after %s ms', async (given, after) => {
    expect(await deliver(throwing(retryLater({ after: given })), fakeMessage(1))).toMatchObject({
      outcome: 'retryLater',
      done: false,
      after,
    });
  });

  test.each([
    ['late', (_: unknown, fail: (error: unknown) => void) => void setTimeout(() => fail(new Error('late')), 5)],
    ['at once', (_: unknown, fail: (error: unknown) => void) => fail(new Error('now'))],
  ])('is redelivered when the handler returns a foreign promise that fails %s', async (_name, then) => {
    const fn = define('f', onQueue).handle(() => ({ then }));
    expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome: 'retry', done: false });
  });

  test('is redelivered when the thrown value throws on access, and when the logger throws', async () => {
    const hostile = new Proxy(new Error('x'), {
      get() {
        throw new Error('no');
      },
    });
    expect(await deliver(throwing(hostile), fakeMessage(1))).toMatchObject({ outcome: 'retry', done: false });
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const logger = {
      ...quiet,
      error() {
        throw new Error('the logger broke');
      },
    };
    const fn = defineFunction
      .logger(logger)('f', onQueue)
      .handle(() => {
        throw new Error('x');
      });
    expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome: 'retry', done: false });
    expect(String(error.mock.calls[0])).toContain('The logger threw an error.');
    error.mockRestore();
  });

  test('passes its signals through layers untouched', async () => {
    const seen: unknown[] = [];
    const fn = define('f', onQueue)
      .use(async (_event, _context, next) => {
        try {
          return await next();
        } catch (error) {
          seen.push(isDeliverySignal(error));
          throw error;
        }
      })
      .handle(() => {
        throw reject('poison');
      });
    expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome: 'reject' });
    expect(seen).toEqual([true]);
  });
});

describe('an outcome that is returned, not thrown,', () => {
  test.each([
    [retryLater({ after: 5 }), 'retryLater'],
    [reject('x'), 'reject'],
    [new Error('x'), 'retry'],
  ])('%s has the same effect as when it is thrown', async (value, outcome) => {
    for (const handler of [() => value, async () => value]) {
      const fn = define('f', onQueue).handle(handler as () => void);
      expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome, done: false });
    }
  });

  test('a value whose `then` throws is a failure', async () => {
    const value = {
      // biome-ignore lint/suspicious/noThenProperty: a hostile one
      get then() {
        throw new Error('no');
      },
    };
    const fn = define('f', onQueue).handle(() => value as never);
    expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome: 'retry', done: false });
  });
});

describe('a message that is sent on', () => {
  const spoil = (then: () => never) =>
    define('f', onQueue).handle((event) => {
      (event.data as { items: number[] }).items.pop();
      (event as { data: unknown }).data = 'gone';
      then();
    });

  test('is as it arrived, even if the handler changed its event', async () => {
    const [deadLetter, redeliver] = [memory(), memory()];
    const wiring = { deadLetter, redeliver };
    const throwIt = (error: unknown) => (): never => {
      throw error;
    };
    await deliver(spoil(throwIt(reject('x'))), fakeMessage({ items: [1, 2] }), { wiring });
    await deliver(spoil(throwIt(retryLater({ after: 1 }))), fakeMessage({ items: [1, 2] }), { wiring });
    expect((deadLetter.sent[0]!.event.data as DeadLetter).event.data).toEqual({ items: [1, 2] });
    expect(redeliver.sent[0]!.event.data).toEqual({ items: [1, 2] });
  });

  test('is observed when its delay is too long for the transport', async () => {
    const seen: unknown[] = [];
    const stop = observe((event) => event.type === 'delivery.downgraded' && seen.push(event.to));
    const redeliver = { ...memory(), longestDelay: 900_000 };
    await deliver(throwing(retryLater({ after: 1_800_000 })), fakeMessage(1), { wiring: { redeliver } });
    stop();
    expect(seen).toEqual([900_000]);
  });

  test('continues the attempt count of a plausible extension', async () => {
    const attempts = async (tradewindattempts: unknown, wiring: object): Promise<unknown> => {
      let attempt: unknown;
      const fn = define('f', onQueue).handle((_event, { deliveryAttempt }) => {
        attempt = deliveryAttempt;
      });
      await deliver(fn, fakeMessage(1, { extensions: { tradewindattempts } }), { wiring, deliveryAttempt: 2 });
      return attempt;
    };
    const wiring = { redeliver: memory() };
    expect(await attempts(3, wiring)).toBe(5);
    expect(await attempts(3, {})).toBe(2);
    for (const forged of [-5, 1.5, 1e9, Number.NaN, '3', null]) expect(await attempts(forged, wiring)).toBe(2);
  });

  test.each([
    ['of no prototype', Object.create(null)],
    ['that throws whatever it is asked', hostile()],
  ])('with a cause %s becomes a dead letter too', async (_name, cause) => {
    const deadLetter = memory();
    const error = reject(new Error('poison', { cause }));
    expect(await deliver(throwing(error), fakeMessage(1), { wiring: { deadLetter } })).toMatchObject({ done: true });
    expect((deadLetter.sent[0]!.event.data as DeadLetter).errors.at(-1)?.message).toBe(
      'The thrown value cannot be read.',
    );
  });

  test('has errors that can be serialised', async () => {
    const deadLetter = memory();
    const error = Object.assign(new Error('x'), { code: 10n });
    await deliver(throwing(reject(error)), fakeMessage(1), { wiring: { deadLetter } });
    expect(JSON.stringify(deadLetter.sent[0]!.event)).toContain('"code":"10"');
  });
});

test('listeners and loggers that reject change nothing', async () => {
  const stop = observe((async () => {
    throw new Error('no');
  }) as never);
  const logger = { ...quiet, error: async () => Promise.reject(new Error('no')) };
  const fn = defineFunction
    .logger(logger)('f', onQueue)
    .handle(() => {
      throw new Error('x');
    });
  expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome: 'retry' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  stop();
});

describe('a rejected message', () => {
  const poison = throwing(reject('Nobody sells this.'));

  test('without a sink is never done: its delivery fails', async () => {
    expect(await deliver(poison, fakeMessage(1))).toMatchObject({ outcome: 'reject', done: false });
  });

  test('without a sink is dropped only with onReject: drop', async () => {
    const fn = define('f', queue({ queue: 'q', onReject: 'drop' })).handle(() => {
      throw reject('x');
    });
    expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome: 'reject', done: true });
  });

  test('is done when the sink has accepted it, with all details', async () => {
    const deadLetter = memory();
    const cause = Object.assign(new Error('inner', { cause: 'a text' }), { code: 'E_X' });
    const fn = throwing(reject(new Error('outer', { cause })));
    const message = fakeMessage({ orderId: '1' }, { id: 'm-7', extensions: { group: 'g' } });
    const settlement = await deliver(fn, message, { wiring: { deadLetter }, deliveryAttempt: 3, invocationId: 'i' });
    expect(settlement).toMatchObject({ outcome: 'reject', done: true });
    const [{ event } = {} as never] = deadLetter.sent;
    expect(event).toMatchObject({ id: 'm-7', subject: 'm-7', type: 'tradewind.deadletter', source: '/tradewind/f' });
    expect(event?.data).toMatchObject({
      event: { id: 'm-7', data: { orderId: '1' }, extensions: { group: 'g' } },
      errors: [
        { name: 'DeliverySignal', message: 'outer' },
        { name: 'Error', message: 'outer' },
        { name: 'Error', message: 'inner', code: 'E_X' },
        { name: 'string', message: 'a text' },
      ],
      attempt: 3,
      functionName: 'f',
      platform: 'test',
      invocationId: 'i',
    });
  });

  test('whose causes are circular still reaches the sink', async () => {
    const error = new Error('round');
    error.cause = error;
    const deadLetter = memory();
    expect(await deliver(throwing(reject(error)), fakeMessage(1), { wiring: { deadLetter } })).toMatchObject({
      done: true,
    });
    expect((deadLetter.sent[0]!.event.data as DeadLetter).errors.length).toBeLessThan(20);
  });

  test.each([
    ['rejects', async () => Promise.reject(new Error('full'))],
    [
      'throws',
      () => {
        throw new Error('full');
      },
    ],
  ])('whose sink %s is not done', async (_name, send) => {
    const settlement = await deliver(poison, fakeMessage(1), { wiring: { deadLetter: { send } } });
    expect(settlement).toMatchObject({ outcome: 'reject', done: false, error: { code: 'unavailable' } });
  });

  test('whose sink hangs is not done, and settles before the deadline', async () => {
    const clock = virtualClock();
    const wiring = { deadLetter: { send: hanging } };
    const settlement = deliver(poison, fakeMessage(1), { wiring, clock, deadline: 10_000 });
    await clock.advance(9_500);
    expect(await settlement).toMatchObject({ outcome: 'reject', done: false });
  });

  test('includes a message that does not match its schema', async () => {
    const deadLetter = memory();
    const handler = vi.fn();
    const fn = define('f', queue({ queue: 'q', data: z.object({ id: z.string() }) })).handle(handler);
    expect(await deliver(fn, fakeRaw('queue', { id: 7 }), { wiring: { deadLetter } })).toMatchObject({
      outcome: 'reject',
      done: true,
      error: { message: expect.stringContaining('data.id') },
    });
    expect(handler).not.toHaveBeenCalled();
    expect((deadLetter.sent[0]!.event.data as DeadLetter).event.data).toEqual({ id: 7 });
  });
});

describe('a message to be retried later, with redeliver', () => {
  const later = throwing(retryLater({ after: 5_000 }));

  test('is done when it has been accepted, and carries its number of deliveries', async () => {
    const redeliver = memory();
    const message = fakeMessage(1, { id: 'm' });
    expect(await deliver(later, message, { wiring: { redeliver }, deliveryAttempt: 2 })).toMatchObject({
      outcome: 'retryLater',
      done: true,
    });
    expect(redeliver.sent).toMatchObject([
      { event: { id: 'm', extensions: { tradewindattempts: 2 } }, options: { delay: 5_000, deduplication: 'm-2' } },
    ]);
  });

  test('is not done when it has not been accepted', async () => {
    const redeliver = { send: () => Promise.reject(new Error('full')) };
    expect(await deliver(later, fakeMessage(1), { wiring: { redeliver } })).toMatchObject({ done: false });
  });
});

describe('the deadline', () => {
  test('fails messages that are not done by then, and acks the others', async () => {
    const clock = virtualClock();
    const fn = define('f', onQueue).handle(({ data }) => (data === 'slow' ? hanging() : undefined));
    const settlements = deliverBatch(fn, fakeBatch(['a', 'slow', 'b']) as never, { clock, deadline: 10_000 });
    await clock.advance(9_500);
    expect(await settlements).toMatchObject([
      { outcome: 'ack', done: true },
      { outcome: 'retry', done: false, error: { code: 'timeout' } },
      { outcome: 'ack', done: true },
    ]);
  });

  test('lets no message start inside the margin, even if timers are blocked', async () => {
    const clock = virtualClock();
    let now = 0;
    const busy = { ...clock, now: () => now };
    const started: unknown[] = [];
    const fn = define('f', onQueue).handle(({ data }) => {
      started.push(data);
      now += 4_000;
    });
    const settlements = await deliverBatch(fn, fakeBatch([1, 2, 3, 4]) as never, { clock: busy, deadline: 10_000 });
    expect(started).toEqual([1, 2, 3]);
    expect(settlements.map(({ done }) => done)).toEqual([true, true, true, false]);
  });
});

describe('the messages of a batch', () => {
  test('are all handled, by default ten at a time', async () => {
    for (const [concurrency, most] of [
      [undefined, 10],
      [3, 3],
      [1, 1],
    ] as const) {
      let running = 0;
      let highest = 0;
      const options = concurrency === undefined ? { queue: 'q' } : { queue: 'q', concurrency };
      const fn = define('f', queue(options)).handle(async () => {
        running += 1;
        highest = Math.max(highest, running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running -= 1;
      });
      const all = await deliverBatch(fn, fakeBatch(Array.from({ length: 25 }, (_, n) => n)) as never);
      expect(all.every(({ done }) => done)).toBe(true);
      expect(highest).toBe(most);
    }
  });

  test('are each observed once', async () => {
    const seen: Observed[] = [];
    const stop = observe((event) => seen.push(event));
    const fn = define('f', onQueue).handle(({ data }) => {
      if (data === 1) throw reject('x');
      if (data === 2) throw retryLater({ after: 7 });
      if (data === 3) throw new Error('x');
    });
    await deliverBatch(fn, fakeBatch([0, 1, 2, 3]) as never);
    stop();
    expect(
      seen.map((event) => event.type === 'delivery.settled' && [event.messageId, event.outcome, event.done]),
    ).toEqual([
      ['fake-1', 'ack', true],
      ['fake-2', 'reject', false],
      ['fake-3', 'retryLater', false],
      ['fake-4', 'retry', false],
    ]);
  });
});

describe('a function that takes a batch', () => {
  const Item = z.object({ n: z.coerce.number() });
  const trigger = queue({ queue: 'q', data: Item }).batch();

  test('gets all messages, parsed; all are done when it returns nothing', async () => {
    const fn = define('f', trigger).handle(({ messages }) => {
      expect(messages.map(({ data, deliveryAttempt }) => [data.n, deliveryAttempt])).toEqual([
        [1, 4],
        [2, 4],
      ]);
    });
    const all = await deliverBatch(fn, fakeBatch([{ n: '1' }, { n: 2 }]), { deliveryAttempt: 4 });
    expect(all).toEqual([
      { outcome: 'ack', done: true },
      { outcome: 'ack', done: true },
    ]);
  });

  test('ends each message by its own entry', async () => {
    const fn = define('f', trigger).handle(({ messages }) =>
      Promise.allSettled(
        messages.map(async ({ data }) => {
          if (data.n === 1) throw reject('one');
          if (data.n === 2) throw retryLater({ after: 9 });
          if (data.n === 3) throw undefined;
        }),
      ),
    );
    const deadLetter = memory();
    const all = await deliverBatch(fn, fakeBatch([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }]), { wiring: { deadLetter } });
    expect(all.map(({ outcome, done, after }) => [outcome, done, after])).toEqual([
      ['ack', true, undefined],
      ['reject', true, undefined],
      ['retryLater', false, 9],
      ['retry', false, undefined],
    ]);
    expect(deadLetter.sent).toHaveLength(1);
  });

  test('does not get invalid messages, and is not called without a message', async () => {
    const seen: number[] = [];
    const fn = define('f', trigger).handle(({ messages }) => {
      seen.push(...messages.map(({ data }) => data.n));
    });
    const all = await deliverBatch(fn, fakeBatch([{ n: 'x' }, { n: 1 }, 7]) as never);
    expect(all.map(({ outcome }) => outcome)).toEqual(['reject', 'ack', 'reject']);
    expect(seen).toEqual([1]);
    await deliverBatch(fn, fakeBatch(['x']) as never);
    expect(seen).toEqual([1]);
  });

  test.each([
    ['too few entries', [{ status: 'fulfilled', value: 1 }], 'got 2 messages and returned 1 entries'],
    ['what are no entries', [1, 2], 'returned 2 entries, not all of them { status }'],
    ['a list with holes', new Array(2), 'returned 2 entries, not all of them { status }'],
    ['null', null, 'returned null'],
    ['something else', 'done', 'returned string'],
  ])('that returns %s has every message redelivered', async (_name, value, told) => {
    const fn = define('f', trigger).handle(() => value as never);
    const all = await deliverBatch(fn, fakeBatch([{ n: 1 }, { n: 2 }]));
    expect(all).toMatchObject([
      { outcome: 'retry', done: false, error: { message: expect.stringContaining(told) } },
      { outcome: 'retry', done: false },
    ]);
  });

  test('that throws, or never settles, has every message redelivered', async () => {
    const thrower = define('f', trigger).handle(() => {
      throw new Error('x');
    });
    expect((await deliverBatch(thrower, fakeBatch([{ n: 1 }, { n: 2 }]))).map(({ done }) => done)).toEqual([
      false,
      false,
    ]);
    const clock = virtualClock();
    const all = deliverBatch(define('f', trigger).handle(hanging), fakeBatch([{ n: 1 }]), { clock, deadline: 1_000 });
    await clock.advance(900);
    expect(await all).toMatchObject([{ outcome: 'retry', done: false, error: { code: 'timeout' } }]);
  });

  test('gets parsed messages from invoke', async () => {
    const seen: number[] = [];
    const fn = define('f', trigger).handle(({ messages }) => {
      seen.push(...messages.map(({ data }) => data.n));
    });
    await invoke(fn, fakeBatch([{ n: '7' }]));
    expect(seen).toEqual([7]);
    await expect(deliver(fn, fakeBatch([{ n: 1 }]))).rejects.toThrow("'f' takes a batch: use deliverBatch");
  });

  test('fails at the deadline when its schema never settles', async () => {
    const clock = virtualClock();
    const slow = z.object({ n: z.number().refine((n) => (n === 2 ? (hanging() as Promise<boolean>) : true)) });
    const fn = define('f', queue({ queue: 'q', data: slow }).batch()).handle(() => {});
    const all = deliverBatch(fn, fakeBatch([{ n: 1 }, { n: 2 }, { n: 3 }]), { clock, deadline: 10_000 });
    await clock.advance(9_500);
    expect((await all).map(({ done }) => done)).toEqual([false, false, false]);
  });

  test('reports a held message once', async () => {
    const seen: string[] = [];
    const stop = observe(
      (event) => event.type === 'delivery.settled' && seen.push(`${event.messageId} ${event.outcome}`),
    );
    const fn = define('f', trigger).handle(() => {});
    const { messages } = fakeBatch([{ n: 'x' }, { n: 1 }, { n: 2 }]) as never as { messages: CloudEvent[] };
    const context = new TestContext(new Invocation(fn as AnyFunction, undefined, undefined));
    const ends: boolean[] = [];
    await (fn.trigger as QueueTrigger).deliverAll(
      fn as AnyFunction,
      messages.map((event) => ({ event, attempt: 1 })),
      [[0, 1], [2]],
      context,
      (index, { done }) => {
        ends[index] = done;
      },
    );
    stop();
    expect(seen).toEqual(['fake-1 reject', 'fake-2 retry', 'fake-3 ack']);
    expect(ends).toEqual([false, false, true]);
  });
});
