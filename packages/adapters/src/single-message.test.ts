/** By platform and situation, for every binding with one message, event or scheduled time per invocation. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnyFunction, FunctionOf, Wiring } from '@tradewind/core';
import { wired } from '@tradewind/core/adapter';
import { afterAll, beforeAll, expect } from 'vitest';
import { BAD, everySituation, GOOD, SUCCESS_OR_FAILURE, told } from '../../../test/delivery/single-message.ts';
import { eventGridDelivery, serviceBusDelivery, storageQueueDelivery, timerDelivery } from './azure/delivery.js';
import { type AzureApp, azure } from './azure/index.js';
import { scheduleDelivery as workersSchedule } from './cloudflare/delivery.js';
import { cloudflare } from './cloudflare/index.js';
import type { WorkersHandlers } from './cloudflare/types.js';
import { singleDelivery as gcfSingle, queueDelivery as pubSubDelivery } from './gcf/delivery.js';
import { gcf } from './gcf/index.js';
import { singleDelivery as lambdaSingle } from './lambda/delivery.js';
import { lambda } from './lambda/index.js';
import { answering } from './node/answering.js';
import { queueDelivery as nodeQueue, singleDelivery as nodeSingle } from './node/delivery.js';
import { toRequests } from './node/endpoints.js';

/** The handler that was registered with an Azure app. */
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

const bytes = (data: unknown): Buffer => Buffer.from(JSON.stringify(data));
const onServiceBus = (fn: AnyFunction): AnyFunction =>
  wired(fn, { ...fn.settings.wiring, source: 'serviceBus', connection: 'BUS' } as Wiring);

function framework(fn: AnyFunction): (ce: unknown) => Promise<unknown> {
  let handler: ((ce: unknown) => Promise<void>) | undefined;
  const keep = (_name: string, given: (ce: unknown) => Promise<void>): void => {
    handler = given;
  };
  gcf({ http() {}, cloudEvent: keep }, fn);
  // With two parameters, the framework would wait for a callback that is never called.
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

const bridge = (type: string, detail: unknown): object => ({
  version: '0',
  id: 'e-1',
  'detail-type': type,
  source: 'shop',
  account: '123456789012',
  time: '2026-01-01T03:30:00Z',
  region: 'us-east-1',
  resources: [],
  detail,
});
const invoked = (fn: AnyFunction, event: object): Promise<string> =>
  told(lambda(fn as never)(event, { awsRequestId: 'id', getRemainingTimeInMillis: () => 30_000 }));

/** A Worker can report that a failed run must not be retried. */
async function onCron(fn: AnyFunction): Promise<string> {
  let isFinal = false;
  const controller = {
    cron: '30 3 * * MON-FRI',
    scheduledTime: 1_000,
    noRetry() {
      isFinal = true;
    },
  };
  const worker = cloudflare(fn as FunctionOf<'schedule'>) as WorkersHandlers['schedule'];
  const end = await told(worker.scheduled(controller, {}, { waitUntil() {} }));
  return isFinal ? `${end}, not to be repeated` : end;
}

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
const post = async (fn: AnyFunction, body: unknown, type = 'application/json'): Promise<string> => {
  serving = fn;
  const response = await fetch(`http://127.0.0.1:${port}/work`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });
  const after = response.headers.get('retry-after');
  return after ? `${response.status} after ${after}` : String(response.status);
};

const NODE = { done: '204', again: '503', later: '503 after 62', rejected: '400' } as const;

everySituation([
  {
    ...SUCCESS_OR_FAILURE,
    table: lambdaSingle,
    kind: 'event',
    run: (fn, data) => invoked(fn, bridge('order.shipped', data)),
  },
  {
    ...SUCCESS_OR_FAILURE,
    table: lambdaSingle,
    kind: 'schedule',
    run: (fn) => invoked(fn, bridge('Scheduled Event', {})),
  },
  {
    ...SUCCESS_OR_FAILURE,
    table: workersSchedule,
    kind: 'schedule',
    rejected: 'failure, not to be repeated',
    run: onCron,
  },
  {
    ...SUCCESS_OR_FAILURE,
    table: storageQueueDelivery,
    kind: 'queue',
    start: registered,
    run: (fn, data) => told(registered(fn)(bytes(data), { id: 'm-1', dequeueCount: 1 })),
  },
  {
    ...SUCCESS_OR_FAILURE,
    table: serviceBusDelivery,
    kind: 'queue',
    start: (fn) => registered(onServiceBus(fn)),
    run: (fn, data) => told(registered(onServiceBus(fn))(bytes(data), { messageId: 'm-1', deliveryCount: 1 })),
    batch: (fn) => told(registered(onServiceBus(fn))([bytes(GOOD), bytes(BAD)], { messageIdArray: ['m-1', 'm-2'] })),
  },
  {
    ...SUCCESS_OR_FAILURE,
    table: timerDelivery,
    kind: 'schedule',
    run: (fn) => told(registered(fn)({ isPastDue: false })),
  },
  {
    ...SUCCESS_OR_FAILURE,
    table: eventGridDelivery,
    kind: 'event',
    run: (fn, data) =>
      told(
        registered(fn)({ id: 'e-1', topic: '/t', eventType: 'order.shipped', eventTime: '2026-01-01T00:00:00Z', data }),
      ),
  },
  {
    ...SUCCESS_OR_FAILURE,
    table: pubSubDelivery,
    kind: 'queue',
    start: framework,
    run: (fn, data) => told(framework(fn)({ ...cloudEvent(PUB_SUB, published(data)) })),
  },
  {
    ...SUCCESS_OR_FAILURE,
    table: gcfSingle,
    kind: 'event',
    run: (fn, data) => told(framework(fn)(cloudEvent('order.shipped', data))),
  },
  {
    ...SUCCESS_OR_FAILURE,
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
]);
