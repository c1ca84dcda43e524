/**
 * What each transport sends, over the vendors' own clients if they run without their clouds, and what a function gets.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AzureKeyCredential, EventGridPublisherClient } from '@azure/eventgrid';
import { QueueClient, StorageSharedKeyCredential } from '@azure/storage-queue';
import { PubSub } from '@google-cloud/pubsub';
import {
  type CloudEvent,
  defineFunction,
  event as eventTrigger,
  queue,
  sender,
  type Transport,
  type TransportOptions,
} from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { fakeMessage, type InvokeOptions, invoke, virtualClock } from '@tradewind/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventBridge, sns, sqs } from './aws/index.js';
import { eventGrid } from './azure/transports/event-grid.js';
import { serviceBus } from './azure/transports/service-bus.js';
import { storageQueue } from './azure/transports/storage-queue.js';
import { cloudEvents } from './cloudevents/index.js';
import { queueBinding } from './cloudflare/index.js';
import { pubSub } from './google/index.js';
import { lambda } from './lambda/index.js';

const full: CloudEvent = {
  id: 'm-1',
  source: '/tradewind/place',
  type: 'order.shipped',
  time: '2026-01-02T03:04:05.000Z',
  subject: 'Grüße 😀',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'vendor=1',
  extensions: { tenant: 't', attempts: 2, urgent: true },
  data: { name: 'Ä € 😀 <&>', items: [1, { deep: null }], none: null },
};

/** Sends an event as a function's sender does. */
async function send(by: Transport, event: CloudEvent = full, options: TransportOptions = {}, more: InvokeOptions = {}) {
  const fn = defineFunction('place', queue({ queue: 'in' })).handle((_event, context) =>
    by.send(event, options, context as unknown as InvocationContext),
  );
  await invoke(fn, fakeMessage(undefined), more);
}

interface Received {
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}
const received: Received[] = [];
const last = (): Received => received.at(-1) as Received;
let status = 201;
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ url: String(request.url), headers: request.headers, body: Buffer.concat(chunks).toString() });
    const isStorage = String(request.url).startsWith('/account/');
    response.writeHead(status, { 'content-type': isStorage ? 'application/xml' : 'application/json' });
    response.end(isStorage ? '<?xml version="1.0" encoding="utf-8"?><QueueMessagesList></QueueMessagesList>' : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  status = 201;
  received.length = 0;
});

const once = { retryOptions: { maxTries: 1, maxRetries: 0 } };
const storageClient = (): QueueClient =>
  new QueueClient(`${origin}/account/orders`, new StorageSharedKeyCredential('account', 'a2V5'), once);
const gridClient = () =>
  new EventGridPublisherClient(`${origin}/api/events`, 'CloudEvent', new AzureKeyCredential('k'), {
    allowInsecureConnection: true,
    ...once,
  });
const textOf = (body: string): string =>
  Buffer.from(/<MessageText>(.*)<\/MessageText>/.exec(body)?.[1] ?? '', 'base64').toString();

/** A topic of the vendor's client, whose last step calls a function instead of the network. */
function topicOver(publish: (messages: { data: Uint8Array; orderingKey?: string }[]) => void) {
  const topic = new PubSub({ projectId: 'p' }).topic('orders', { batching: { maxMilliseconds: 1 } });
  const request = (config: { reqOpts: { messages: never[] } }, callback: (...args: unknown[]) => void): void => {
    const { messages } = config.reqOpts;
    try {
      publish(messages);
      callback(null, { messageIds: messages.map((_, index) => `m-${index}`) });
    } catch (error) {
      callback(error);
    }
  };
  topic.request = request as unknown as typeof topic.request;
  return topic;
}

type Sends = (event?: CloudEvent) => Promise<unknown>;

/** By transport: sends an event, and returns what a receiver gets as the message's data. */
const WAYS: Readonly<Record<string, Sends>> = {
  sqs: async (event) => {
    const sendMessage = vi.fn(async (_input: { MessageBody: string }) => {});
    await send(sqs({ sendMessage }, 'https://sqs.example/1/orders'), event);
    return sendMessage.mock.lastCall?.[0].MessageBody;
  },
  sns: async (event) => {
    const publish = vi.fn(async (_input: { Message: string }) => {});
    await send(sns({ publish }, 'arn:aws:sns:us-east-1:1:orders'), event);
    return publish.mock.lastCall?.[0].Message;
  },
  eventBridge: async (event) => {
    const putEvents = vi.fn(async (_input: { Entries: { Detail: string }[] }) => ({ FailedEntryCount: 0 }));
    await send(eventBridge({ putEvents }), event);
    return putEvents.mock.lastCall?.[0].Entries[0]?.Detail;
  },
  queueBinding: async (event) => {
    const ORDERS = { send: vi.fn(async (_body: unknown) => {}) };
    await send(queueBinding('ORDERS'), event, {}, { env: { ORDERS } });
    return JSON.stringify(ORDERS.send.mock.lastCall?.[0]);
  },
  serviceBus: async (event) => {
    const sendMessages = vi.fn(async (_message: { body: unknown }) => {});
    await send(serviceBus({ sendMessages }), event);
    // The client serialises such a body to JSON bytes.
    return JSON.stringify(sendMessages.mock.lastCall?.[0].body);
  },
  storageQueue: async (event) => {
    await send(storageQueue(storageClient()), event);
    return textOf(last().body);
  },
  eventGrid: async (event) => {
    status = 200;
    await send(eventGrid(gridClient()), event);
    const [posted, ...more] = JSON.parse(last().body) as unknown[];
    expect(more).toEqual([]);
    return posted;
  },
  pubSub: async (event) => {
    const publish = vi.fn((_messages: { data: Uint8Array }[]) => {});
    await send(pubSub(topicOver(publish)), event);
    return new TextDecoder().decode(publish.mock.lastCall?.[0][0]?.data);
  },
  cloudEvents: async (event) => {
    await send(cloudEvents(`${origin}/events`), event);
    return last().body;
  },
};

describe.each(Object.entries(WAYS))('what %s sends', (name, way) => {
  const { toDelivery } = queue({ queue: 'orders' });
  const came = (data: unknown) =>
    toDelivery({ id: 'outer', source: '/outer', type: 'outer', extensions: {}, data }, undefined);

  test('is the same event for the receiving function', async () => {
    const { event, error } = came(await way());
    expect(error).toBeUndefined();
    expect(event).toEqual({ ...full, datacontenttype: 'application/json' });
  });

  test('is an event without data if there is none', async () => {
    const { event } = came(await way({ id: 'm-2', source: '/s', type: 't', extensions: {}, data: undefined }));
    expect(event).toMatchObject({ id: 'm-2', source: '/s', type: 't', data: undefined });
  });

  // The Service Bus client serialises the body itself, and the binding of a Worker clones it.
  if (name === 'serviceBus' || name === 'queueBinding') return;
  test('is nothing if its data cannot be serialised to JSON', async () => {
    await expect(way({ ...full, data: { amount: 1n } })).rejects.toThrow('BigInt');
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    await expect(way({ ...full, data: circular })).rejects.toThrow();
    expect(received).toEqual([]);
  });
});

const throwing = () => {
  throw new Error('closed');
};

test.each<[string, Transport]>([
  ['serviceBus', serviceBus({ sendMessages: throwing })],
  ['storageQueue', storageQueue({ sendMessage: throwing })],
  ['eventGrid', eventGrid({ send: throwing })],
  ['pubSub', pubSub({ publishMessage: throwing })],
  ['cloudEvents', cloudEvents('https://broker.example', { headers: throwing })],
  ['serviceBus without a client', serviceBus(throwing)],
])('%s rejects if its client throws synchronously', async (_name, transport) => {
  const { send: sendIt } = transport;
  const context = { now: Date.now, signal: new AbortController().signal } as InvocationContext;
  await expect(sendIt(full, {}, context)).rejects.toThrow('closed');
});

describe('serviceBus', () => {
  const sendMessages = vi.fn(async (_message: object) => {});
  const sent = (): Record<string, unknown> => sendMessages.mock.lastCall?.[0] as never;

  test('sets the content type, id and trace of the message', async () => {
    await send(serviceBus(() => ({ sendMessages })));
    expect(sent()).toEqual({
      body: expect.objectContaining({ specversion: '1.0', id: 'm-1' }),
      contentType: 'application/cloudevents+json',
      messageId: 'm-1',
      applicationProperties: { traceparent: full.traceparent },
    });
  });

  test('uses the group as session and the deduplication key as id', async () => {
    await send(
      serviceBus({ sendMessages }),
      { ...full, traceparent: undefined },
      { group: 'A', deduplication: 'm-1-2' },
    );
    expect(sent()).toMatchObject({ sessionId: 'A', messageId: 'm-1-2' });
    expect(sent()).not.toHaveProperty('applicationProperties');
  });

  test.each([
    [1, '1970-01-01T00:00:01.001Z'],
    [86_400_000 * 365, '1971-01-01T00:00:01.000Z'],
    [Number.MAX_VALUE, '9999-12-31T00:00:00.000Z'],
    [Number.POSITIVE_INFINITY, '9999-12-31T00:00:00.000Z'],
    [0, undefined],
    [-5, undefined],
    [Number.NaN, undefined],
  ])('schedules a delay of %s ms for %s', async (delay, time) => {
    await send(serviceBus({ sendMessages }), full, { delay }, { clock: virtualClock(1_000) });
    expect((sent().scheduledEnqueueTimeUtc as Date | undefined)?.toISOString()).toBe(time);
  });
});

describe('storageQueue', () => {
  test.each([
    [1, 1],
    [61_500, 62],
    [604_800_000, 604_800],
    [Number.POSITIVE_INFINITY, 604_800],
    [-1, 0],
    [Number.NaN, 0],
  ])('hides a message for %s ms as %s seconds, and lets it not expire', async (delay, seconds) => {
    await send(storageQueue(storageClient()), full, { delay });
    const { searchParams } = new URL(last().url, origin);
    expect(searchParams.get('visibilitytimeout')).toBe(String(seconds));
    expect(searchParams.get('messagettl')).toBe('-1');
  });

  test('sends nothing that is larger than the queue accepts', async () => {
    const of = (length: number): CloudEvent => ({
      id: 'i',
      source: '/s',
      type: 't',
      extensions: {},
      data: 'x'.repeat(length),
    });
    const { length: around } = Buffer.from(String(await WAYS.storageQueue?.(of(0))));
    received.length = 0;
    await send(storageQueue(storageClient()), of(49_152 - around));
    expect(/<MessageText>(.*)<\/MessageText>/.exec(last().body)?.[1]).toHaveLength(65_536);
    await expect(send(storageQueue(storageClient()), of(49_153 - around))).rejects.toMatchObject({
      code: 'content_too_large',
      message: expect.stringContaining('at most 65536 bytes in base64; got 65540'),
    });
    expect(received).toHaveLength(1);
  });

  test('rejects if the queue does', async () => {
    status = 404;
    await expect(send(storageQueue(storageClient()))).rejects.toMatchObject({ statusCode: 404 });
    status = 200;
    await expect(send(storageQueue(storageClient()))).rejects.toThrow();
  });
});

describe('eventGrid', () => {
  test.each([
    ['a list', [1, 2], 'a list'],
    ['text', 'secret', 'string'],
    ['a number', 7, 'number'],
  ])('refuses %s, which its client would send as something else', async (_name, data, came) => {
    const error = await send(eventGrid(gridClient()), { ...full, data }).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining(`must be an object; got ${came}. Put it`),
    });
    expect(error.message).not.toContain('secret');
    expect(received).toEqual([]);
  });

  test('accepts null and bytes', async () => {
    expect(await WAYS.eventGrid?.({ ...full, data: null })).toMatchObject({ data: null });
    const bytes = { ...full, datacontenttype: 'application/octet-stream', data: new TextEncoder().encode('hi') };
    expect(await WAYS.eventGrid?.(bytes)).toMatchObject({ data_base64: 'aGk=' });
  });

  test('rejects what Event Grid does not accept, for example the name of an extension', async () => {
    await expect(send(eventGrid(gridClient()), { ...full, extensions: { 'My-Name': 1 } })).rejects.toThrow('My-Name');
    status = 401;
    await expect(send(eventGrid(gridClient()))).rejects.toMatchObject({ statusCode: 401 });
  });
});

describe('pubSub', () => {
  test('sets the content type, and uses the group as ordering key', async () => {
    const publish = vi.fn((_messages: object[]) => {});
    await send(pubSub(topicOver(publish)), full, { group: 'A', delay: 5 });
    const attributes = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
    expect(publish.mock.lastCall?.[0]).toMatchObject([{ attributes, orderingKey: 'A' }]);
    await send(
      pubSub(() => topicOver(publish)),
      full,
    );
    expect(publish.mock.lastCall?.[0][0]).not.toHaveProperty('orderingKey');
  });

  test('rejects if the topic does, and can then send in the same group again', async () => {
    const publish = vi.fn((_messages: object[]) => {});
    publish.mockImplementationOnce(() => {
      throw new Error('down');
    });
    const orders = pubSub(topicOver(publish));
    await expect(send(orders, full, { group: 'A' })).rejects.toThrow('down');
    await send(orders, full, { group: 'A' });
    expect(publish).toHaveBeenCalledTimes(2);
  });
});

test('an event that is sent through EventBridge reaches its function on Lambda', async () => {
  const came = vi.fn();
  const shipped = defineFunction('shipped', eventTrigger({ type: 'order.shipped' })).handle((event) => came(event));
  const putEvents = vi.fn(async (_input: { Entries: Record<string, string>[] }) => ({ FailedEntryCount: 0 }));
  const shipments = sender(shipped);
  const ship = defineFunction('ship', queue({ queue: 'in' })).handle((_event, context) =>
    shipments(context).send({ orderId: '1' }, { id: 's-1' }),
  );
  const send = { 'order.shipped': eventBridge({ putEvents: putEvents as never }) };
  await invoke(ship, fakeMessage(undefined), { wiring: { send } });
  const { Source, DetailType, Detail } = putEvents.mock.lastCall?.[0].Entries[0] ?? {};
  expect(DetailType).toBe('order.shipped');
  const native = {
    version: '0',
    id: 'e-1',
    source: Source,
    'detail-type': DetailType,
    detail: JSON.parse(String(Detail)),
  };
  const more = { account: '1', region: 'eu-west-1', time: '2026-01-02T03:04:05Z', resources: [] };
  await lambda(shipped)({ ...native, ...more }, { awsRequestId: 'r-1' } as never);
  expect(came.mock.lastCall?.[0]).toMatchObject({ id: 's-1', type: 'order.shipped', data: { orderId: '1' } });
});
