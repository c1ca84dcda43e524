/** Platform by situation, for every binding that hands over one message, event or time an invocation. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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
  type Wiring,
} from '@tradewind/core';
import { wired } from '@tradewind/core/adapter';
import { memory } from '@tradewind/core/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { eventGridDelivery, serviceBusDelivery, storageQueueDelivery, timerDelivery } from './azure/delivery.js';
import { type AzureApp, azure } from './azure/index.js';
import { singleDelivery as gcfSingle, queueDelivery as pubSubDelivery } from './gcf/delivery.js';
import { gcf } from './gcf/index.js';
import { answering } from './node/answering.js';
import { queueDelivery as nodeQueue, singleDelivery as nodeSingle } from './node/delivery.js';
import { toRequests } from './node/endpoints.js';
import type { DeliveryTable, Situation } from './shared/delivery.js';

type Kind = 'queue' | 'event' | 'schedule';
/** What a platform was told: that all is well, or how it is not. */
type Told = string;
interface Row {
  readonly table: DeliveryTable;
  readonly kind: Kind;
  /** Hands one message over as the platform does. `data` is that of the message. */
  run(fn: AnyFunction, data: unknown): Promise<Told>;
  /** What happens when an instance starts, for a queue. */
  readonly start?: (fn: AnyFunction) => unknown;
  /** What is said of each outcome. */
  readonly done: Told;
  readonly again: Told;
  readonly rejected: Told;
  /** Of a batch of one good message and a failed one. */
  readonly batch?: (fn: AnyFunction) => Promise<Told>;
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const Data = z.object({ ok: z.literal(true) });
const GOOD = { ok: true };

/** A function that does the same whatever comes. */
function make(kind: Kind, act: () => unknown, timeout?: number): AnyFunction {
  const more = timeout ? { timeout } : {};
  if (kind === 'queue') return define('work', queue({ queue: 'q', data: Data, ...more })).handle(act);
  if (kind === 'event') return define('work', event({ type: 'order.shipped', data: Data, ...more })).handle(act);
  return define('work', schedule({ cron: '30 3 * * MON-FRI', ...more })).handle(act);
}

/** What an app of Azure's was told to run. */
function registered(fn: AnyFunction): (came: unknown, metadata?: object, retryCount?: number) => Promise<unknown> {
  let handler: ((came: unknown, context: unknown) => Promise<unknown>) | undefined;
  const keep = (_name: string, options: { handler: never }): void => {
    handler = options.handler;
  };
  const app = { http: keep, storageQueue: keep, serviceBusQueue: keep, timer: keep, eventGrid: keep };
  azure(app as unknown as AzureApp, fn);
  return async (came, triggerMetadata) =>
    handler?.(came, { invocationId: 'i-1', triggerMetadata, debug() {}, info() {}, warn() {}, error() {} });
}

/** Azure and Google know success and failure. */
async function told(run: Promise<unknown>): Promise<Told> {
  return run.then(
    () => 'success',
    (error: unknown) => (error instanceof Error ? 'failure' : 'what is thrown is no error'),
  );
}

const bytes = (data: unknown): Buffer => Buffer.from(JSON.stringify(data));
const onServiceBus = (fn: AnyFunction): AnyFunction =>
  wired(fn, { ...fn.settings.wiring, source: 'serviceBus', connection: 'BUS' } as Wiring);

function framework(fn: AnyFunction): (ce: unknown) => Promise<unknown> {
  let handler: ((ce: unknown) => Promise<void>) | undefined;
  const keep = (_name: string, given: (ce: unknown) => Promise<void>): void => {
    handler = given;
  };
  gcf({ http() {}, cloudEvent: keep }, fn);
  // With two parameters the framework would wait for a callback that never comes.
  expect(handler).toHaveLength(1);
  return async (ce) => handler?.(ce);
}
const published = (data: unknown) => ({
  message: {
    messageId: 'm-1',
    publishTime: '2026-01-01T03:30:00.5Z',
    data: bytes(data).toString('base64'),
    attributes: {},
  },
  subscription: 'projects/p/subscriptions/s',
  deliveryAttempt: 1,
});
const cloudEvent = (type: string, data: unknown) => ({ specversion: '1.0', id: 'e-1', source: '/shop', type, data });
const PUB_SUB = 'google.cloud.pubsub.topic.v1.messagePublished';

let port = 0;
let serving: AnyFunction | undefined;
const server = createServer((message, response) =>
  answering(toRequests([serving as AnyFunction]), new Set())(message, response),
);
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());
const post = async (fn: AnyFunction, body: unknown, type = 'application/json'): Promise<Told> => {
  serving = fn;
  const response = await fetch(`http://127.0.0.1:${port}/work`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });
  const after = response.headers.get('retry-after');
  return after ? `${response.status} after ${after}` : String(response.status);
};

const AZURE = { done: 'success', again: 'failure', rejected: 'failure' } as const;
const NODE = { done: '204', again: '503', rejected: '400' } as const;
const ROWS: readonly Row[] = [
  {
    ...AZURE,
    table: storageQueueDelivery,
    kind: 'queue',
    start: registered,
    run: (fn, data) => told(registered(fn)(bytes(data), { id: 'm-1', dequeueCount: 1 })),
  },
  {
    ...AZURE,
    table: serviceBusDelivery,
    kind: 'queue',
    start: (fn) => registered(onServiceBus(fn)),
    run: (fn, data) => told(registered(onServiceBus(fn))(bytes(data), { messageId: 'm-1', deliveryCount: 1 })),
    batch: (fn) =>
      told(registered(onServiceBus(fn))([bytes(GOOD), bytes({ ok: false })], { messageIdArray: ['m-1', 'm-2'] })),
  },
  {
    ...AZURE,
    table: timerDelivery,
    kind: 'schedule',
    run: (fn) => told(registered(fn)({ isPastDue: false })),
  },
  {
    ...AZURE,
    table: eventGridDelivery,
    kind: 'event',
    run: (fn, data) =>
      told(
        registered(fn)({ id: 'e-1', topic: '/t', eventType: 'order.shipped', eventTime: '2026-01-01T00:00:00Z', data }),
      ),
  },
  {
    ...AZURE,
    table: pubSubDelivery,
    kind: 'queue',
    start: framework,
    run: (fn, data) => told(framework(fn)({ ...cloudEvent(PUB_SUB, published(data)) })),
  },
  {
    ...AZURE,
    table: gcfSingle,
    kind: 'event',
    run: (fn, data) => told(framework(fn)(cloudEvent('order.shipped', data))),
  },
  {
    ...AZURE,
    table: gcfSingle,
    kind: 'schedule',
    run: (fn) => told(framework(fn)(cloudEvent(PUB_SUB, published('')))),
  },
  {
    ...NODE,
    table: nodeQueue,
    kind: 'queue',
    start: (fn) => toRequests([fn]),
    run: (fn, data) => post(fn, published(data)),
  },
  {
    ...NODE,
    table: nodeSingle,
    kind: 'event',
    run: (fn, data) => post(fn, cloudEvent('order.shipped', data), 'application/cloudevents+json'),
  },
  { ...NODE, table: nodeSingle, kind: 'schedule', run: (fn) => post(fn, {}) },
];

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
  async retryLater({ kind, run, again, done, start }) {
    const seen: string[] = [];
    const stop = observe(({ type }) => seen.push(type));
    const later = make(kind, throws(retryLater({ after: 61_500 })));
    expect(await run(later, GOOD)).toBe(again === '503' ? '503 after 62' : again);
    stop();
    expect(seen).toEqual(['delivery.settled', 'delivery.downgraded']);
    if (kind !== 'queue') return;
    const redeliver = memory();
    expect(await run(wired(later, { redeliver }), GOOD)).toBe(done);
    expect(redeliver.sent).toMatchObject([{ event: { data: GOOD }, options: { delay: 61_500 } }]);
    const matters = define('work', queue({ queue: 'q', delayedRetry: true })).handle(() => {});
    const noDelay = { ...redeliver, longestDelay: 0 };
    expect(() => start?.(matters)).toThrow('wants delayed retries');
    expect(() => start?.(wired(matters, { redeliver: noDelay }))).toThrow('wants delayed retries');
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
          { ok: false },
        ),
      ).toBe(rejected);
  },
  async 'the deadline'({ kind, run, again }) {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const answer = run(
      make(kind, () => new Promise(() => {}), 3_000),
      GOOD,
    );
    // A server's own timers are fake as well, so time passes until the answer is there.
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
    // One message at a time: what is in order is for the source to say.
    expect(table.situations.order?.how).not.toBe('emulated');
  },
  async 'a batch at once'({ run, batch, done, again }) {
    const bulk = (act: (length: number) => unknown): AnyFunction =>
      define('work', queue({ queue: 'q', data: Data }).batch()).handle(
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

describe.each(ROWS)('$table.platform, $kind', (row) => {
  test.each(Object.keys(row.table.situations) as Situation[])('%s', (situation) => CHECKS[situation](row));
});
