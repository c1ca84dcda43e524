import { type AzureApp, azure, on } from '@tradewind/adapters/azure';
import { everyPlatform } from '@tradewind/adapters/testing';
import {
  type AnyFunction,
  type CloudEvent,
  defineFunction,
  event,
  type HttpEvent,
  http,
  queue,
  schedule,
} from '@tradewind/core';
import { fakeBatch, fakeEvent, fakeHttp, fakeMessage, fakeSchedule } from '@tradewind/core/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import * as golden from './azure.ts';

/** Runs what a function was registered with for an event that has gone through the vendor's converters. */
async function run(fn: AnyFunction, sent: golden.Sent): Promise<unknown> {
  const handlers: ((trigger: unknown, context: unknown) => Promise<unknown>)[] = [];
  const keep = (_name: string, { handler }: { handler: never }): void => void handlers.push(handler);
  azure(
    { http: keep, storageQueue: keep, serviceBusQueue: keep, timer: keep, eventGrid: keep } as unknown as AzureApp,
    fn as never,
  );
  const { trigger, context } = await golden.arrived(sent);
  return handlers[0]?.(trigger, context);
}

interface Seen {
  readonly event: CloudEvent;
  readonly attempt: number | undefined;
  readonly invocationId: string;
}
const seen: Seen[] = [];
const keep = (
  one: CloudEvent,
  { deliveryAttempt, invocationId }: { deliveryAttempt: number | undefined; invocationId: string },
): void => void seen.push({ event: { ...one }, attempt: deliveryAttempt, invocationId });
async function received(fn: AnyFunction, sent: golden.Sent): Promise<Seen | undefined> {
  seen.length = 0;
  await run(fn, sent);
  return seen[0];
}
afterEach(() => {
  vi.useRealTimers();
});
const invocationId = '6f9c2d7e-0f2b-4a6a-9a8e-1f1b9a3d2c11';

/** The trace that the host has begun: for what brings none of its own. */
const OF_INVOCATION = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;

describe('what a function sees of', () => {
  test('a request', async () => {
    let request: HttpEvent | undefined;
    const fn = defineFunction('f', http({ method: 'POST', path: '/my/:name' })).handle((one) => {
      request = one as HttpEvent;
    });
    expect(await run(fn, golden.http)).toMatchObject({ status: 204 });
    expect(request?.method).toBe('POST');
    expect(request?.path).toBe('/my/path');
    expect(request?.params).toEqual({ name: 'path' });
    expect(request?.query).toEqual({ parameter1: ['value1', 'value2'], parameter2: 'value' });
    expect({ ...request?.cookies }).toEqual({ cookie1: 'one', cookie2: 'two' });
    expect(request?.headers.get('Header1')).toBe('value1');
    expect(request?.headers.get('header2')).toBe('value1, value2');
    expect(request?.body).toBe('Hello from Azure');
    expect(await request?.request.text()).toBe('Hello from Azure');
  });

  test('a message of a storage queue', async () => {
    expect(await received(defineFunction('f', queue({ queue: 'orders' })).handle(keep), golden.storageQueue)).toEqual({
      attempt: 2,
      invocationId,
      event: {
        id: '31b2a1c5-8d6d-4b6f-9b0e-6c2c2c9c2f10',
        source: 'urn:azure:storage-queue:orders',
        type: 'azure.storage.queue.message',
        time: '2026-01-01T03:30:00.000Z',
        traceparent: OF_INVOCATION,
        extensions: {},
        data: { orderId: '1' },
      },
    });
  });

  const bus = { source: 'serviceBus', connection: 'BUS' } as const;
  const first = {
    id: 'order-1',
    source: 'urn:azure:service-bus:orders',
    type: 'azure.servicebus.message',
    time: '2026-01-01T03:30:00.500Z',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    tracestate: undefined,
    extensions: { tenant: 'acme', diagnosticid: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, sessionid: '42' },
    data: { orderId: '1' },
  };

  test('a message of Service Bus', async () => {
    const fn = on(defineFunction('f', queue({ queue: 'orders' })).handle(keep), bus);
    expect(await received(fn, golden.serviceBus)).toEqual({ attempt: 3, invocationId, event: first });
  });

  test('several messages of Service Bus', async () => {
    let messages: unknown;
    const fn = on(
      defineFunction('f', queue({ queue: 'orders' }).batch()).handle((batch) => {
        messages = batch.messages;
      }),
      bus,
    );
    await run(fn, golden.serviceBusMany);
    const { diagnosticid, tenant } = first.extensions;
    expect(messages).toEqual([
      {
        ...first,
        time: '2026-01-01T03:30:00.000Z',
        extensions: { diagnosticid, tenant, sessionid: 's-1' },
        deliveryAttempt: 1,
      },
      {
        ...first,
        // Its own id did not survive the library, its place in the queue did.
        id: 'sequence-18',
        time: '2026-01-01T03:30:01.000Z',
        traceparent: undefined,
        extensions: { sessionid: '42' },
        data: '89e7073266',
        deliveryAttempt: 2,
      },
    ]);
  });

  test('a timer', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-01-01T03:30:00.120Z') });
    const fn = defineFunction('f', schedule({ cron: '30 3 * * *' })).handle(keep);
    expect(await received(fn, golden.timer)).toEqual({
      attempt: undefined,
      invocationId,
      event: {
        id: '30 3 * * * 2026-01-01T03:30:00.000Z',
        source: 'urn:azure:timer:f',
        type: 'azure.timer',
        time: '2026-01-01T03:30:00.000Z',
        traceparent: OF_INVOCATION,
        extensions: { cron: '30 3 * * *', pastdue: false },
        data: undefined,
      },
    });
  });

  const created = defineFunction('f', event({ type: 'Microsoft.Storage.BlobCreated' })).handle(keep);

  test("an event in Event Grid's schema", async () => {
    expect(await received(created, golden.eventGrid)).toEqual({
      attempt: undefined,
      invocationId,
      event: {
        id: '831e1650-001e-001b-66ab-eeb76e069631',
        source: '/subscriptions/s/resourceGroups/Storage/providers/Microsoft.Storage/storageAccounts/my-account',
        type: 'Microsoft.Storage.BlobCreated',
        subject: '/blobServices/default/containers/test-container/blobs/new-file.txt',
        time: '2017-06-26T18:41:00.9584103Z',
        traceparent: OF_INVOCATION,
        extensions: { dataversion: '' },
        data: { api: 'PutBlockList', contentType: 'text/plain', contentLength: 524288, blobType: 'BlockBlob' },
      },
    });
  });

  test('a CloudEvent of Event Grid', async () => {
    expect((await received(created, golden.cloudEvent))?.event).toEqual({
      id: '9aeb0fdf-c01e-0131-0922-9eb54906e209',
      source: '/subscriptions/s/resourceGroups/Storage/providers/Microsoft.Storage/storageAccounts/my-account',
      type: 'Microsoft.Storage.BlobCreated',
      time: '2019-11-18T15:13:39.4589254Z',
      subject: 'blobServices/default/containers/my-container/blobs/new-file.txt',
      dataschema: '#',
      traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`,
      extensions: {},
      data: { api: 'PutBlockList', contentLength: 524288 },
    });
  });
});

describe('data is what was sent', () => {
  const fn = defineFunction('f', queue({ queue: 'orders' })).handle(keep);
  test.each([
    ['89e7073266', '89e7073266'],
    ['12345678901234567890', '12345678901234567890'],
    ['007', '007'],
    ['1e400', '1e400'],
    ['true', 'true'],
    ['null', 'null'],
    ['"quoted"', 'quoted'],
    ['{"id":"12345678901234567890"}', { id: '12345678901234567890' }],
    ['"{\\"id\\":12345678901234567890}"', '{"id":12345678901234567890}'],
    ['', ''],
    [Buffer.from([0xff, 0xfe, 0]), new Uint8Array([0xff, 0xfe, 0])],
    [Buffer.from([0xed, 0xa0, 0x80]), new Uint8Array([0xed, 0xa0, 0x80])],
  ])('%j', async (body, data) => {
    const sent = { ...golden.storageQueue, data: { bytes: Buffer.from(body as string) } };
    expect((await received(fn, sent))?.event.data).toEqual(data);
  });

  test('and a host that reads it before is found out', async () => {
    const asText = { ...golden.storageQueue, data: { string: '89e7073266' } };
    await expect(received(fn, asText)).rejects.toThrow("the host ignores dataType 'binary'");
  });
});

describe('the events that everyPlatform makes have the documented fields, and no other', () => {
  const natives: { event: object; metadata: object | undefined }[] = [];
  const spy = (_one: unknown, { native, platform }: { native: unknown; platform: string }): void => {
    const { event: came, context } = native as { event: object; context: golden.Arrived['context'] };
    if (platform === 'azure') natives.push({ event: came, metadata: context.triggerMetadata });
  };
  const fieldsOf = (value: object | undefined): string[] => Object.keys(value ?? {}).toSorted();

  // What the host says of a message only where its sender has set it, and what only the host has a use for.
  const RARE =
    /^(sys|queueTrigger|contentType|correlationId|subject|replyTo|to|deadLetterSource|lockToken|sessionId|expiresAtUtc)(Array)?$/;

  test('messages', async () => {
    natives.length = 0;
    await everyPlatform(defineFunction('f', queue({ queue: 'orders' })).handle(spy), fakeMessage({ orderId: '1' }));
    await everyPlatform(
      defineFunction('f', queue({ queue: 'orders' }).batch()).handle(spy),
      fakeBatch([{ orderId: '1' }]),
    );
    const [storage, one, , many] = natives;
    for (const [fake, sent] of [
      [storage, golden.storageQueue],
      [one, golden.serviceBus],
      [many, golden.serviceBusMany],
    ] as const) {
      const { trigger, context } = await golden.arrived(sent);
      const documented = fieldsOf(context.triggerMetadata).filter((name) => !RARE.test(name));
      expect(fieldsOf(fake?.metadata)).toEqual(documented);
      expect(fake?.event.constructor).toBe((trigger as object).constructor);
    }
  });

  test('requests, timers and events', async () => {
    natives.length = 0;
    await everyPlatform(
      defineFunction('f', http({ method: 'POST', path: '/' })).handle(spy),
      fakeHttp({ body: 'x' }) as never,
    );
    await everyPlatform(defineFunction('f', schedule({ cron: '* * * * *' })).handle(spy), fakeSchedule());
    await everyPlatform(defineFunction('f', event({ type: 't' })).handle(spy), fakeEvent({ a: 1 }));
    const [request, timed, grid] = natives;
    const { trigger } = await golden.arrived(golden.http);
    for (const name of ['method', 'url', 'headers', 'body'] as const) {
      expect(Object(request?.event)[name] instanceof Object).toBe(Object(trigger)[name] instanceof Object);
    }
    expect(fieldsOf(timed?.event)).toEqual(fieldsOf((await golden.arrived(golden.timer)).trigger as object));
    expect(fieldsOf(grid?.event)).toEqual(fieldsOf((await golden.arrived(golden.eventGrid)).trigger as object));
  });
});
