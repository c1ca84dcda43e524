import { type AnyFunction, type CloudEvent, defineFunction, queue } from '@tradewind/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { lambda } from './index.js';

const define = defineFunction.logger({ debug() {}, info() {}, warn() {}, error() {} });
const TOPIC = 'arn:aws:sns:us-west-2:123456789012:orders';
const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
const notification = {
  Type: 'Notification',
  MessageId: '63a3f6b6-d533-4a47-aef9-fcf5cf758c76',
  TopicArn: TOPIC,
  Subject: 'Testing publish to subscribed queues',
  Message: '{"orderId":"1"}',
  Timestamp: '2012-03-29T05:12:16.901Z',
  SignatureVersion: '1',
  Signature: 'EXAMPLEnTrFPa3...',
  SigningCertURL: 'https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem',
  UnsubscribeURL: `https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${TOPIC}:c7fe3a54-ab0e-4ec2-88e0-db410a0f2bee`,
};
const { Subject: _, Signature: _1, SignatureVersion: _2, SigningCertURL: _3, ...least } = notification;

interface More {
  readonly messageId?: string;
  readonly attributes?: object;
  readonly messageAttributes?: object;
}
const record = (body: unknown, more: More = {}, arn = 'arn:aws:sqs:us-west-2:123456789012:orders'): object => ({
  messageId: 'sqs-1',
  receiptHandle: 'r',
  body: typeof body === 'string' ? body : JSON.stringify(body, null, 2),
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1333000000000' },
  messageAttributes: {},
  eventSource: 'aws:sqs',
  eventSourceARN: arn,
  ...more,
});
const native = { awsRequestId: 'a', getRemainingTimeInMillis: () => 60_000 };
const run = (fn: AnyFunction, ...Records: object[]) => lambda(fn as never)({ Records }, native);

async function received(body: unknown, more?: More, arn?: string): Promise<CloudEvent> {
  const seen: CloudEvent[] = [];
  const fn = define('f', queue({ queue: 'orders' })).handle((event) => void seen.push({ ...event }));
  expect(await run(fn, record(body, more, arn))).toEqual({ batchItemFailures: [] });
  return seen[0] as CloudEvent;
}

describe('a message of SNS without raw delivery', () => {
  test('is the one that was published', async () => {
    expect(await received(notification)).toEqual({
      id: notification.MessageId,
      source: TOPIC,
      type: 'aws.sns.notification',
      subject: notification.Subject,
      time: notification.Timestamp,
      extensions: {},
      data: { orderId: '1' },
    });
    expect(await received(least)).toMatchObject({ id: notification.MessageId, data: { orderId: '1' } });
  });

  test('fits the schema of its data', async () => {
    const seen: unknown[] = [];
    const fn = define('f', queue({ queue: 'orders', data: z.object({ orderId: z.string() }) })).handle(
      ({ data }) => void seen.push(data),
    );
    expect(await run(fn, record(notification))).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([{ orderId: '1' }]);
  });

  test('has its attributes, bytes in base64, and its trace', async () => {
    const MessageAttributes = {
      tenant: { Type: 'String', Value: 'acme' },
      count: { Type: 'Number', Value: '3' },
      list: { Type: 'String.Array', Value: '["a"]' },
      picture: { Type: 'Binary', Value: 'AP8=' },
      traceparent: { Type: 'String', Value: TRACE },
      tracestate: { Type: 'String', Value: 'a=b' },
      messagegroupid: { Type: 'String', Value: 'forged' },
      odd: null,
      odder: { Type: 'String', Value: { a: 1 } },
    };
    const attributes = { AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793' };
    const { extensions, traceparent, tracestate } = await received(
      { ...notification, MessageAttributes },
      { attributes },
    );
    expect(extensions).toEqual({
      tenant: 'acme',
      count: '3',
      list: '["a"]',
      picture: 'AP8=',
      traceparent: TRACE,
      tracestate: 'a=b',
      awstraceheader: attributes.AWSTraceHeader,
    });
    expect([traceparent, tracestate]).toEqual([TRACE, 'a=b']);
  });

  test('of a FIFO topic has its group', async () => {
    const sent = { ...least, TopicArn: `${TOPIC}.fifo`, SequenceNumber: '10000000000000003000' };
    const attributes = { MessageGroupId: 'g-1' };
    const event = await received(sent, { attributes }, 'arn:aws:sqs:us-west-2:123456789012:orders.fifo');
    expect(event).toMatchObject({ source: `${TOPIC}.fifo`, extensions: { messagegroupid: 'g-1' } });
  });

  test.each([
    ['89e7073266', '89e7073266'],
    [' ', ' '],
    ['plain', 'plain'],
    [JSON.stringify(notification), notification],
  ])('has the text %j that was published', async (Message, data) => {
    expect((await received({ ...notification, Message })).data).toEqual(data);
  });

  test('that is a CloudEvent is that event', async () => {
    const inner = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'order', data: { orderId: '2' } };
    const event = await received({ ...notification, Message: JSON.stringify(inner) });
    expect(event).toMatchObject({ id: 'e-1', source: '/shop', type: 'order', data: { orderId: '2' } });
  });

  test('that SNS puts into the queue twice has the same id, and a failed one is reported by that of SQS', async () => {
    const [once, twice] = [await received(notification), await received(notification, { messageId: 'sqs-2' })];
    expect([once.id, twice.id]).toEqual([notification.MessageId, notification.MessageId]);
    const failing = define('f', queue({ queue: 'orders' })).handle(() => Promise.reject(new Error('no')));
    expect(await run(failing, record(notification))).toEqual({ batchItemFailures: [{ itemIdentifier: 'sqs-1' }] });
  });

  test.each([['{"a":{"__proto__":{"admin":true}}}'], [`${'['.repeat(1_001)}${']'.repeat(1_001)}`]])(
    'whose data no message may have is rejected: %#',
    async (Message) => {
      const fn = define('f', queue({ queue: 'orders' })).handle(() => {});
      const sent = record({ ...notification, Message });
      expect(await run(fn, sent)).toEqual({ batchItemFailures: [{ itemIdentifier: 'sqs-1' }] });
    },
  );
});

describe('data that only looks like a message of SNS stays what it is', () => {
  test.each([
    ['with a member of its own', { ...notification, receivedBy: 'me' }],
    ['of another type', { ...notification, Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: 'https://x' }],
    ['without an id', { ...notification, MessageId: undefined }],
    ['without a time', { ...notification, Timestamp: undefined }],
    ['without a way to unsubscribe', { ...notification, UnsubscribeURL: undefined }],
    ['without a topic', { ...notification, TopicArn: '' }],
    ['without data', { ...notification, Message: '' }],
    ['with data that is no text', { ...notification, Message: { orderId: '1' } }],
    ['in a list', [notification]],
    ['inside of something', { notification }],
    ['with few of its members', { Type: 'Notification', Message: 'm', TopicArn: TOPIC }],
  ])('%s', async (_name, data) => {
    const event = await received(data);
    expect([event.id, event.type]).toEqual(['sqs-1', 'aws.sqs.message']);
    expect(event.data).toEqual(JSON.parse(JSON.stringify(data)));
  });

  test('and text that is no JSON', async () => {
    expect((await received('the "TopicArn" is wrong')).data).toBe('the "TopicArn" is wrong');
  });
});

test('the bytes of an attribute of SQS are in base64', async () => {
  const messageAttributes = {
    picture: { dataType: 'Binary', binaryValue: 'AP8=', stringListValues: [], binaryListValues: [] },
  };
  expect((await received('x', { messageAttributes })).extensions).toEqual({ picture: 'AP8=' });
});
