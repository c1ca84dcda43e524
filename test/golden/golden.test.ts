import { cloudflare } from '@tradewind/adapters/cloudflare';
import { lambda } from '@tradewind/adapters/lambda';
import { everyPlatform } from '@tradewind/adapters/testing';
import { type CloudEvent, defineFunction, event, type HttpEvent, http, queue, schedule } from '@tradewind/core';
import { fakeEvent, fakeHttp, fakeMessage, fakeSchedule } from '@tradewind/core/testing';
import { describe, expect, test } from 'vitest';
import {
  alb,
  albMultiValue,
  apiGatewayV1,
  apiGatewayV2,
  ec2StateChange,
  functionUrl,
  httpApiV1,
  scheduledEvent,
  sqs,
  sqsFifo,
} from './aws.ts';

const context = { awsRequestId: 'id', getRemainingTimeInMillis: () => 3_000 };

describe("the vendors' documented requests", () => {
  const SENT = ['p%2Fa%25t%3Fh%23%20%C3%A9', 'p/a%t?h# é'] as const;
  const TO_HTTP_API = ['path%23%20%C3%A9', 'path# é'] as const;
  const QUERY = { parameter1: ['value1', 'value2'], parameter2: 'value' };

  test.each([
    ['an HTTP API, 2.0', apiGatewayV2, TO_HTTP_API, QUERY, 'value1,value2'],
    ['an HTTP API, 1.0', httpApiV1, TO_HTTP_API, QUERY, 'value1, value2'],
    ['a function URL', functionUrl, SENT, QUERY, 'value1,value2'],
    ['a REST API', apiGatewayV1, SENT, QUERY, 'value1, value2'],
    ['a load balancer', alb, SENT, { parameter1: 'value2', parameter2: 'a value' }, null],
    [
      'a load balancer, multi-value',
      albMultiValue,
      SENT,
      { parameter1: ['value1', 'value2'], parameter2: 'a value' },
      'value1, value2',
    ],
  ])('%s', async (_name, event, [segment, name], query, header2) => {
    let seen: HttpEvent | undefined;
    const fn = defineFunction('f', http({ method: 'POST', path: '/my/:name' })).handle((request) => {
      seen = request as HttpEvent;
    });
    await lambda(fn)(event, context);
    expect(seen?.method).toBe('POST');
    expect(seen?.path).toBe(`/my/${segment}`);
    expect(new URL(String(seen?.request.url)).pathname).toBe(`/my/${segment}`);
    expect(seen?.params).toEqual({ name });
    expect(seen?.query).toEqual(query);
    expect({ ...seen?.cookies }).toEqual({ cookie1: 'one', cookie2: 'two' });
    expect(seen?.request.headers.get('cookie')).toBe('cookie1=one; cookie2=two');
    expect([...(seen?.request.headers ?? [])]).toEqual([...(seen?.headers ?? [])].toSorted());
    expect(seen?.headers.get('Header1')).toBe('value1');
    expect(seen?.headers.get('header2')).toBe(header2);
    expect(seen?.body).toBe('Hello from Lambda');
    expect(await seen?.request.text()).toBe('Hello from Lambda');
  });
});

describe("the vendors' documented messages", () => {
  async function received(event: object): Promise<{ event: CloudEvent; attempt: number | undefined }> {
    let seen: { event: CloudEvent; attempt: number | undefined } | undefined;
    const fn = defineFunction('f', queue({ queue: 'q' })).handle((message, { deliveryAttempt }) => {
      seen = { event: message, attempt: deliveryAttempt };
    });
    expect(await lambda(fn)(event, context)).toEqual({ batchItemFailures: [] });
    return seen!;
  }

  test('SQS', async () => {
    expect(await received(sqs)).toEqual({
      attempt: 1,
      event: {
        id: '059f36b4-87a3-44ab-83d2-661975830a7d',
        source: 'arn:aws:sqs:us-east-2:123456789012:my-queue',
        type: 'aws.sqs.message',
        time: '2018-12-17T21:37:29.183Z',
        traceparent: undefined,
        tracestate: undefined,
        extensions: { myAttribute: 'myValue' },
        data: { orderId: '1' },
      },
    });
  });

  test('SQS FIFO', async () => {
    expect((await received(sqsFifo)).event).toMatchObject({
      extensions: { messagegroupid: '1' },
      data: 'Test message.',
    });
  });

  test('Cloudflare Queues', async () => {
    let seen: CloudEvent | undefined;
    const marks: string[] = [];
    const fn = defineFunction('f', queue({ queue: 'orders' })).handle((message) => {
      seen = message;
    });
    const message = { id: 'm-1', timestamp: new Date(0), body: { orderId: '1' }, attempts: 2 };
    const mark = { ack: () => marks.push('ack'), retry: () => marks.push('retry') };
    await cloudflare(fn).queue({ queue: 'orders', messages: [{ ...message, ...mark }] }, {}, { waitUntil() {} });
    expect(marks).toEqual(['ack']);
    expect(seen).toEqual({
      id: 'm-1',
      source: 'urn:cloudflare:queue:orders',
      type: 'cloudflare.queue.message',
      time: '1970-01-01T00:00:00.000Z',
      extensions: {},
      data: { orderId: '1' },
    });
  });
});

/** The fields of an event and the types of their values; what a client names itself is left out. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value))
    return value.length === 0 ? [`${path}: array`] : [...new Set(value.flatMap((one) => fieldsOf(one, `${path}[]`)))];
  if (typeof value !== 'object' || value === null) return [`${path}: ${value === null ? 'null' : typeof value}`];
  const open = /(headers|parameters|cookies|messageAttributes|stageVariables)$/i.test(path);
  if (open) return [`${path}: record of ${typeof Object.values(value)[0]}`];
  return Object.entries(value).flatMap(([key, inner]) => fieldsOf(inner, `${path}.${key}`));
}

describe('the events that everyPlatform makes have the documented fields, and no other', () => {
  const request = fakeHttp({
    params: { name: 'path' },
    query: { parameter1: ['value1', 'value2'], parameter2: 'value' } as never,
    headers: { header1: 'value1', 'content-type': 'text/plain' },
    cookies: { cookie1: 'one' },
    body: 'Hello from Lambda',
  });
  const forms: Record<string, unknown> = {};
  const spy = defineFunction('f', http({ method: 'POST', path: '/my/:name' })).handle(
    ({ path }, { native, platform }) => {
      const { event } = native as { event: object };
      const form =
        'version' in event ? 'v2' : 'resource' in event ? 'v1' : 'multiValueHeaders' in event ? 'albMulti' : 'alb';
      if (platform === 'lambda') forms[form] = event;
      return path;
    },
  );

  // Fields that a documented sample has for features that a fake does not use.
  const ABSENT: Readonly<Record<string, readonly string[]>> = {
    v2: ['.requestContext.authentication', '.stageVariables'],
    v1: ['.requestContext.identity.apiKey', '.requestContext.identity.apiKeyId', '.requestContext.identity.clientCert'],
  };

  test.each([
    ['v2', apiGatewayV2],
    ['v1', apiGatewayV1],
    ['albMulti', albMultiValue],
  ])('%s', async (form, golden) => {
    await everyPlatform(spy, request as never);
    const documented = fieldsOf(golden).filter(
      (field) => !(ABSENT[form] ?? []).some((absent) => field.startsWith(absent)),
    );
    // An authorizer and a resource are null where there is none.
    const loose = (fields: readonly string[]): string[] =>
      [
        ...new Set(
          fields.map((field) => field.replace(/(authorizer)(\.\w+)?: .*/, '$1').replace(/(resourceId): .*/, '$1')),
        ),
      ].toSorted();
    expect(loose(fieldsOf(forms[form]))).toEqual(loose(documented));
  });

  test('alb', async () => {
    await everyPlatform(spy, fakeHttp({ params: { name: 'path' }, query: { a: '1' } as never, body: 'x' }) as never);
    expect(fieldsOf(forms.alb).toSorted()).toEqual(fieldsOf(alb).toSorted());
  });

  test('SQS', async () => {
    let sent: unknown;
    const onQueue = defineFunction('f', queue({ queue: 'q' })).handle((_event, { native, platform }) => {
      if (platform === 'lambda') sent = (native as { event: unknown }).event;
    });
    await everyPlatform(onQueue, fakeMessage({ orderId: '1' }, { extensions: { myAttribute: 'myValue' } }));
    expect(fieldsOf(sent).toSorted()).toEqual(fieldsOf(sqs).toSorted());
  });
});

test("EventBridge's documented events", async () => {
  const seen: CloudEvent[] = [];
  const keep = (one: CloudEvent): void => void seen.push({ ...one });
  await lambda(defineFunction('f', event({ type: ec2StateChange['detail-type'] })).handle(keep))(
    ec2StateChange,
    context,
  );
  await lambda(defineFunction('f', schedule({ cron: '* * * * *' })).handle(keep))(scheduledEvent, context);
  expect(seen).toEqual([
    {
      id: ec2StateChange.id,
      source: 'aws.ec2',
      type: 'EC2 Instance State-change Notification',
      time: '2017-12-22T18:43:48Z',
      extensions: { account: '111122223333', region: 'us-west-1', resources: ec2StateChange.resources },
      data: ec2StateChange.detail,
    },
    {
      id: scheduledEvent.id,
      source: 'aws.events',
      type: 'Scheduled Event',
      time: '2015-10-08T16:53:06Z',
      extensions: { account: '123456789012', region: 'us-east-1', resources: scheduledEvent.resources },
      data: undefined,
    },
  ]);
});

test("everyPlatform's EventBridge events have the documented fields", async () => {
  const sent: object[] = [];
  const keep = (_event: unknown, { native, platform }: { native: unknown; platform: string }): void => {
    if (platform === 'lambda') sent.push((native as { event: object }).event);
  };
  await everyPlatform(defineFunction('f', event({ type: 't' })).handle(keep), fakeEvent({ a: 1 }));
  await everyPlatform(defineFunction('f', schedule({ cron: '* * * * *' })).handle(keep), fakeSchedule());
  const [fromBus, fromRule] = sent as [object, object];
  expect(Object.keys(fromBus).toSorted()).toEqual(Object.keys(ec2StateChange).toSorted());
  expect(Object.keys(fromRule).toSorted()).toEqual(Object.keys(scheduledEvent).toSorted());
});
