/** By platform and situation: what every binding with one message, event or scheduled time per invocation must do. */
import {
  type AnyFunction,
  defineFunction,
  event,
  observe,
  queue,
  reject,
  retryLater,
  schedule,
  type Transport,
} from '@tradewind/core';
import { wired } from '@tradewind/core/adapter';
import { memory } from '@tradewind/core/testing';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { DeliveryTable, Situation } from '../../packages/adapters/src/shared/delivery.js';

type Kind = 'queue' | 'event' | 'schedule';
/** What a platform was told: success, or the kind of failure. */
type Told = string;

/** One kind of event on one platform. */
export interface Row {
  readonly table: DeliveryTable;
  readonly kind: Kind;
  /** Passes one message as the platform does. `data` is the message's data. */
  run(fn: AnyFunction, data: unknown): Promise<Told>;
  /** What happens when an instance starts, for a queue. */
  readonly start?: (fn: AnyFunction) => unknown;
  /** What the platform is told for each outcome. */
  readonly done: Told;
  readonly again: Told;
  /** For a retry 61.5 seconds later. Default: `again`. */
  readonly later?: Told;
  readonly rejected: Told;
  /** For a batch of one good and one failed message, if the platform has batches as well. */
  readonly batch?: (fn: AnyFunction) => Promise<Told>;
}

/** Runs every situation of a row's table against its platform. */
export function everySituation(rows: readonly Row[]): void {
  describe.each(rows)('$table.platform, $kind', (row) => {
    test.each(Object.keys(row.table.situations) as Situation[])('%s', (situation) => CHECKS[situation](row));
  });
}

/** The names of success and failure, for a platform that knows nothing else. */
export const SUCCESS_OR_FAILURE: Pick<Row, 'done' | 'again' | 'rejected'> = {
  done: 'success',
  again: 'failure',
  rejected: 'failure',
};

/** What a platform is told that knows only success and failure. */
export async function told(run: Promise<unknown>): Promise<Told> {
  return run.then(
    () => 'success',
    (error: unknown) => (error instanceof Error ? 'failure' : 'what is thrown is no error'),
  );
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const Data = z.object({ ok: z.literal(true) });
/** The data of a message that fits its schema, and of one that does not. */
export const GOOD: unknown = { ok: true };
export const BAD: unknown = { ok: false };

/** A function that does the same for every event. */
function make(kind: Kind, act: () => unknown, timeout?: number): AnyFunction {
  const more = timeout ? { timeout } : {};
  if (kind === 'queue') return define('work', queue({ queue: 'orders', data: Data, ...more })).handle(act);
  if (kind === 'event') return define('work', event({ type: 'order.shipped', data: Data, ...more })).handle(act);
  return define('work', schedule({ cron: '30 3 * * MON-FRI', ...more })).handle(act);
}

const fullSink: Transport = { send: () => Promise.reject(new Error('full')) };
const throws = (error: unknown) => () => {
  throw error;
};

const CHECKS: Readonly<Record<Situation, (row: Row) => Promise<void>>> = {
  async return({ kind, run, done }) {
    expect(
      await run(
        make(kind, () => 'done'),
        GOOD,
      ),
    ).toBe(done);
  },
  async throw({ kind, run, again }) {
    expect(await run(make(kind, throws(new Error('no'))), GOOD)).toBe(again);
    expect(await run(make(kind, throws(undefined)), GOOD)).toBe(again);
    expect(
      await run(
        make(kind, () => Promise.reject(new Error('no'))),
        GOOD,
      ),
    ).toBe(again);
    expect(
      await run(
        make(kind, () => new Error('returned')),
        GOOD,
      ),
    ).toBe(again);
  },
  async retryLater({ kind, run, again, later: told = again, done, start }) {
    const seen: string[] = [];
    const stop = observe(({ type }) => seen.push(type));
    const later = make(kind, throws(retryLater({ after: 61_500 })));
    expect(await run(later, GOOD)).toBe(told);
    stop();
    expect(seen).toEqual(['delivery.settled', 'delivery.downgraded']);
    if (kind !== 'queue') return;
    const redeliver = memory();
    expect(await run(wired(later, { redeliver }), GOOD)).toBe(done);
    expect(redeliver.sent).toMatchObject([{ event: { data: GOOD }, options: { delay: 61_500 } }]);
    const matters = define('work', queue({ queue: 'orders', delayedRetry: true })).handle(() => {});
    const noDelay = { ...redeliver, longestDelay: 0 };
    expect(() => start?.(matters)).toThrow('has `delayedRetry: true`, but');
    expect(() => start?.(wired(matters, { redeliver: noDelay }))).toThrow('has `delayedRetry: true`, but');
    start?.(wired(matters, { redeliver }));
  },
  async reject({ kind, run, rejected }) {
    expect(await run(make(kind, throws(reject('poison'))), GOOD)).toBe(rejected);
  },
  async 'reject, with a sink'({ kind, run, done }) {
    const deadLetter = memory();
    expect(await run(wired(make(kind, throws(reject('poison'))), { deadLetter }), GOOD)).toBe(done);
    expect(deadLetter.sent).toHaveLength(1);
  },
  async 'a sink that fails'({ kind, run, again }) {
    expect(await run(wired(make(kind, throws(reject('poison'))), { deadLetter: fullSink }), GOOD)).toBe(again);
  },
  async 'data that does not fit its schema'({ kind, run, rejected }) {
    // A schedule has no data.
    if (kind !== 'schedule')
      expect(
        await run(
          make(kind, () => 1),
          BAD,
        ),
      ).toBe(rejected);
  },
  async 'the deadline'({ kind, run, again }) {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const answer = run(
      make(kind, () => new Promise(() => {}), 3_000),
      GOOD,
    );
    // A server's own timers are fake as well, so time advances until the answer is there.
    const passing = (async () => {
      for (let n = 0; n < 300; n++) {
        await vi.advanceTimersByTimeAsync(100);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    expect(await answer).toBe(again);
    vi.useRealTimers();
    await passing.catch(() => {});
  },
  async order({ table }) {
    // One message at a time: the source decides the order.
    expect(table.situations.order?.how).not.toBe('emulated');
  },
  async 'a batch at once'({ run, batch, done, again }) {
    const bulk = (act: (length: number) => unknown): AnyFunction =>
      define('work', queue({ queue: 'orders', data: Data }).batch()).handle(
        ({ messages }) => act(messages.length) as undefined,
      );
    const seen: number[] = [];
    const good = bulk((length) => void seen.push(length));
    if (batch) {
      expect(await batch(good)).toBe(again);
      expect(seen).toEqual([1]);
      return;
    }
    expect(await run(good, GOOD)).toBe(done);
    expect(seen).toEqual([1]);
    expect(await run(bulk(throws(new Error('no'))), GOOD)).toBe(again);
  },
};
