/** What a platform has parsed is held to what core parses: no `__proto__` key, and no more than 1,000 levels. */
import { type AnyFunction, type CloudEvent, defineFunction, event, queue } from '@tradewind/core';
import { wired } from '@tradewind/core/adapter';
import { memory } from '@tradewind/core/testing';
import { describe, expect, test } from 'vitest';
import { type AzureApp, azure } from './azure/index.js';
import { cloudflare } from './cloudflare/index.js';
import { type FunctionsFramework, gcf } from './gcf/index.js';
import { lambda } from './lambda/index.js';
import { PUB_SUB_TYPE } from './shared/pub-sub.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);

type Deliver = (fn: AnyFunction, data: unknown) => Promise<unknown>;
/** Calls what a function was registered with. */
const onAzure = async (fn: AnyFunction, trigger: unknown, triggerMetadata: object): Promise<unknown> => {
  let call: ((trigger: unknown, context: object) => Promise<unknown>) | undefined;
  const keep = (_name: string, { handler }: { handler: typeof call }): void => {
    call = handler;
  };
  azure({ http: keep, storageQueue: keep, serviceBusQueue: keep, eventGrid: keep } as unknown as AzureApp, fn as never);
  return call?.(trigger, { invocationId: 'i', ...quiet, triggerMetadata });
};
const onGoogle: Deliver = async (fn, came) => {
  let call: ((event: unknown) => Promise<void>) | undefined;
  const keep = (_name: string, handler: typeof call): void => {
    call = handler;
  };
  gcf({ http: keep, cloudEvent: keep } as unknown as FunctionsFramework, fn as never);
  return call?.(came);
};
const context = { awsRequestId: 'a', getRemainingTimeInMillis: () => 60_000 };
const cloudEvent = { specversion: '1.0', id: 'e', source: '/s', type: 't' };

const EVENTS: Readonly<Record<string, Deliver>> = {
  EventBridge: (fn, detail) =>
    lambda(fn as never)({ id: 'e', source: 's', 'detail-type': 't', time: '2026-01-01T00:00:00Z', detail }, context),
  'Event Grid': (fn, data) => onAzure(fn, { id: 'e', topic: '/t', eventType: 't', eventTime: 'x', data }, {}),
  'Event Grid, as a CloudEvent': (fn, data) => onAzure(fn, { ...cloudEvent, data }, {}),
  Eventarc: (fn, data) => onGoogle(fn, { ...cloudEvent, data }),
};
const QUEUES: Readonly<Record<string, Deliver>> = {
  'a storage queue whose host parses': (fn, data) => onAzure(fn, data, { id: 'm', dequeueCount: 1 }),
  'Service Bus whose host parses': (fn, data) =>
    onAzure(wired(fn, { ...fn.settings.wiring, source: 'serviceBus', connection: 'B' } as object), data, {
      messageId: 'm',
    }),
  'Cloudflare Queues': async (fn, body) => {
    const marks: string[] = [];
    const message = {
      id: 'm',
      timestamp: new Date(),
      body,
      attempts: 1,
      ack: () => void marks.push('ack'),
      retry: () => void marks.push('retry'),
    };
    const waiting = { waitUntil() {}, passThroughOnException() {} };
    await (cloudflare(fn as never) as unknown as { queue(...all: unknown[]): Promise<void> }).queue(
      { queue: 'q', messages: [message] },
      {},
      waiting,
    );
    if (marks[0] !== 'ack') throw new Error(marks[0]);
  },
  'Pub/Sub on Google': (fn, attributes) =>
    onGoogle(fn, { ...cloudEvent, type: PUB_SUB_TYPE, data: { message: { messageId: 'm', data: '', attributes } } }),
};

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const DATA: readonly (readonly [string, unknown])[] = [
  ['a __proto__ key', JSON.parse('{"__proto__":{"admin":true}}')],
  ['a __proto__ key far inside', JSON.parse('{"a":[{"b":{"__proto__":1}}]}')],
  [
    'an event with a __proto__ attribute',
    JSON.parse('{"specversion":"1.0","id":"e","source":"s","type":"t","__proto__":{"a":1}}'),
  ],
  ['1,001 levels', nested(1_001)],
];

describe.each([
  ...Object.entries(EVENTS).map(([name, deliver]) => [name, deliver, event({ type: 't' })] as const),
  ...Object.entries(QUEUES).map(([name, deliver]) => [name, deliver, queue({ queue: 'qqq' })] as const),
])('%s', (_name, deliver, trigger) => {
  const seen: CloudEvent[] = [];
  const fn: AnyFunction = define('f', trigger as ReturnType<typeof queue>).handle((one) => void seen.push(one));

  test.each(DATA)('rejects %s', async (_data, data) => {
    await expect(deliver(fn, data)).rejects.toThrow();
    const sink = memory();
    await deliver(wired(fn, { deadLetter: sink } as object), data);
    expect(sink.sent).toHaveLength(1);
    expect(sink.sent[0]?.event.data).toMatchObject({
      errors: [{ message: expect.stringMatching(/is not accepted/) }, {}],
    });
    expect(seen).toEqual([]);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });

  test('accepts other data, however much of it is shared', async () => {
    seen.length = 0;
    const twice = { a: 1, prototype: 1, constructor: 'c' };
    await deliver(fn, { x: 'y', list: [twice, twice], deep: nested(900) });
    expect(seen).toHaveLength(1);
  });
});

test('a structured clone that contains itself is accepted', async () => {
  const body: { self?: unknown } = {};
  body.self = body;
  let data: unknown;
  const fn = define('f', queue({ queue: 'q' })).handle((one) => {
    data = one.data;
  });
  await QUEUES['Cloudflare Queues']?.(fn, body);
  expect(data).toBe(body);
});

test('data of a million objects is read once', async () => {
  const shared: unknown[] = [];
  let wide: unknown = shared;
  // Each level doubles the paths to what is inside.
  for (let level = 0; level < 900; level++) wide = [wide, wide];
  await QUEUES['Cloudflare Queues']?.(
    define('f', queue({ queue: 'q' })).handle(() => {}),
    wide,
  );
});
