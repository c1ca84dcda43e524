/** Events and schedules on Lambda and Workers: what a function gets, and which events are refused. */
import { defineFunction, event, reject, schedule } from '@tradewind/core';
import { deliver, fakeEvent, fakeSchedule, invoke, memory } from '@tradewind/core/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { cloudflare, on as onWorkers } from './cloudflare/index.js';
import { lambda, on } from './lambda/index.js';
import { everyPlatform } from './testing/index.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const act = (what: unknown): unknown => {
  if (what === 'throw') throw new Error('no');
  if (what === 'poison') throw reject('poison');
  return what === 'hang' ? new Promise(() => {}) : 'done';
};

const Shipped = z.object({ does: z.enum(['good', 'throw', 'poison', 'hang']) });
const shipped = define('shipped', event({ type: 'order.shipped', data: Shipped })).handle(({ data }) => act(data.does));
const bridge = (detail: unknown, more: object = {}): object => ({
  version: '0',
  id: 'e-1',
  'detail-type': 'order.shipped',
  source: 'shop',
  account: '123456789012',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail,
  ...more,
});
const context = (remaining = 30_000) => {
  const end = Date.now() + remaining;
  return { awsRequestId: 'id', getRemainingTimeInMillis: () => end - Date.now() };
};
const put = (fn: typeof shipped, does: string, remaining?: number): Promise<unknown> =>
  lambda(fn)(bridge({ does }), context(remaining));

const nightly = (does = 'good') => define('nightly', schedule({ cron: '30 3 * * mon-fri' })).handle(() => act(does));
const controller = () => ({ cron: '30 3 * * MON-FRI', scheduledTime: 1_000, noRetry: vi.fn() });
const cron = async (fn: ReturnType<typeof nightly>, run = controller()): Promise<typeof run> => {
  await cloudflare(fn).scheduled(run, {}, { waitUntil() {} });
  return run;
};

afterEach(() => {
  vi.useRealTimers();
});

test('Lambda’s own deadline counts, before the invocation would time out', async () => {
  vi.useFakeTimers();
  const failed = expect(put(shipped, 'hang', 3_000)).rejects.toMatchObject({ code: 'timeout' });
  await vi.advanceTimersByTimeAsync(2_700);
  await failed;
});

test('the sink gets a rejected event, with its own id', async () => {
  const deadLetter = memory();
  expect(await put(on(shipped, { deadLetter }), 'poison')).toBeUndefined();
  await cron(onWorkers(nightly('poison'), { deadLetter }));
  expect(deadLetter.sent.map(({ event: { id } }) => id)).toEqual(['e-1', '30 3 * * MON-FRI 1970-01-01T00:00:01.000Z']);
});

describe('an event', () => {
  test('is a CloudEvent, and a structured one in the detail is unwrapped', async () => {
    const seen: unknown[] = [];
    const fn = define('f', event({ type: 'order.shipped' })).handle((one) => seen.push({ ...one }));
    const handler = lambda(fn);
    await handler(bridge({ a: 1 }), context());
    const inner = { specversion: '1.0', id: 'ce-1', source: '/s', type: 'order.shipped', data: 7 };
    await handler(bridge(inner, { 'detail-type': 'else' }), context());
    expect(seen).toMatchObject([
      { id: 'e-1', source: 'shop', type: 'order.shipped', time: '2026-01-01T00:00:00Z', data: { a: 1 } },
      { id: 'ce-1', source: '/s', type: 'order.shipped', data: 7 },
    ]);
  });

  test.each([
    ['another type', bridge({}, { 'detail-type': 'order.lost' })],
    ['an SQS batch', { Records: [{ eventSource: 'aws:sqs' }] }],
    ['a request', { version: '2.0', rawPath: '/', requestContext: { http: { method: 'GET' } } }],
    ['null', null],
    ['nothing', {}],
  ])('%s fails the invocation', async (_name, came) => {
    await expect(lambda(shipped)(came, context())).rejects.toMatchObject({ code: 'foreign_event' });
    await expect(lambda(nightly())(came, context())).rejects.toMatchObject({ code: 'foreign_event' });
  });

  test('is tested with a typed fake, and on every platform that supports it', async () => {
    expect(await invoke(shipped, fakeEvent({ does: 'good' }))).toBe('done');
    expect(await deliver(shipped, fakeEvent({ does: 'poison' }))).toMatchObject({ outcome: 'reject' });
    const { platforms, differences } = await everyPlatform(shipped, fakeEvent({ does: 'throw' }));
    expect(platforms.lambda.outcome).toBe('retry');
    expect(platforms.cloudflare.supported).toBe(false);
    expect(differences).toEqual([]);
  });
});

describe('a schedule', () => {
  test('knows when it was due, on every platform', async () => {
    const fn = define('f', schedule({ cron: '0 * * * *' })).handle(({ time }) => time);
    expect(await invoke(fn, fakeSchedule('2026-02-03T04:00:00Z'))).toBe('2026-02-03T04:00:00Z');
    const { platforms, differences } = await everyPlatform(fn, fakeSchedule('2026-02-03T04:00:00Z'));
    expect([platforms.lambda.outcome, platforms.cloudflare.outcome]).toEqual(['ack', 'ack']);
    expect(differences).toEqual([]);
  });

  test('accepts events of EventBridge rules and of EventBridge Scheduler', async () => {
    for (const source of ['aws.events', 'aws.scheduler']) {
      const due = bridge({}, { 'detail-type': 'Scheduled Event', source });
      expect(await lambda(nightly())(due, context())).toBeUndefined();
    }
  });

  test('is selected by its expression among several, ignoring whitespace', async () => {
    const ran: string[] = [];
    const a = define('a', schedule({ cron: '0 1 * JAN,feb SUN' })).handle(() => ran.push('a'));
    const b = define('b', schedule({ cron: '*/5  0-6 1,15 1-3 *' })).handle(() => ran.push('b'));
    const worker = cloudflare(a, b);
    await worker.scheduled({ ...controller(), cron: '*/5 0-6 1,15 1-3 *' }, {}, { waitUntil() {} });
    await worker.scheduled({ ...controller(), cron: '0 1 * jan,feb sun' }, {}, { waitUntil() {} });
    expect(ran).toEqual(['b', 'a']);
    await expect(worker.scheduled({ ...controller(), cron: '1 1 * * *' }, {}, { waitUntil() {} })).rejects.toThrow(
      "The Worker received the cron trigger '1 1 * * *', but",
    );
    expect(() =>
      cloudflare(
        a,
        define('c', schedule({ cron: '0 1 * JAN,FEB SUN' })).handle(() => 1),
      ),
    ).toThrow('each schedule function must have its own expression');
  });

  test.each([
    ['0 0 * * 0', 'a day of the week that is invalid or that platforms interpret differently'],
    ['0 0 * * 1-5', 'a day of the week'],
    ['0 0 * * MON#1', 'a day of the week'],
    ['60 0 * * *', 'a minute'],
    ['0 24 * * *', 'an hour'],
    ['0 0 L * *', 'a day of the month'],
    ['0 0 ? * *', 'a day of the month'],
    ['0 0 * FOO *', 'a month'],
    // Azure would swap the ends of such a range, to MON-FRI.
    ['0 0 * * FRI-MON', 'a day of the week'],
    ['0 0 * NOV-FEB *', 'a month'],
    ['0 22-3 * * *', 'an hour'],
    ['0 0 5,9-8 * *', 'a day of the month'],
    // A step that would never end.
    ['*/0 * * * *', 'a minute'],
    ['0 0-4/00,5 * * *', 'an hour'],
    ['0 0 0 * *', 'a day of the month'],
    ['0 0 * 0 *', 'a month'],
    ['0 0 0 * * *', 'has 6 fields'],
    ['0 0 1 * MON', 'a day of the month and a day of the week'],
    ['@daily', 'has 1 fields'],
    ['', 'has 1 fields'],
  ])('%j is refused at definition', (expression, told) => {
    expect(() => schedule({ cron: expression })).toThrow(told);
  });
});
