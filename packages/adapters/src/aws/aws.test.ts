import { type CloudEvent, defineFunction, http, queue, sender, type Transport } from '@tradewind/core';
import { fakeHttp, invoke } from '@tradewind/core/testing';
import { describe, expect, test, vi } from 'vitest';
import { eventBridge, sns, sqs } from './index.js';

const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(() => {});
const place = defineFunction('place', http({ method: 'POST', path: '/' })).handle(async ({ query }, context) => {
  const delay = query.delay === undefined ? {} : { delay: Number(query.delay) };
  await sender(charge)(context).send({ a: 1 }, { id: 'm-1', extensions: { tenant: 't' }, ...delay });
});
const send = async (orders: Transport, delay?: number): Promise<number> => {
  const event = delay === undefined ? fakeHttp() : fakeHttp({ query: { delay: String(delay) } });
  const { status } = await invoke(place, event as never, { wiring: { send: { orders } } });
  return status as number;
};
const structured = { specversion: '1.0', id: 'm-1', source: '/tradewind/place', tenant: 't', data: { a: 1 } };

describe('sqs', () => {
  const sendMessage = vi.fn(async (_input: { MessageBody: string }) => {});
  const sent = (): Record<string, unknown> => sendMessage.mock.lastCall?.[0] as never;

  test('sends a structured event', async () => {
    await send(sqs({ sendMessage }, 'https://sqs.example/1/orders'));
    expect(sent()).toMatchObject({ QueueUrl: 'https://sqs.example/1/orders', DelaySeconds: 0 });
    expect(JSON.parse(String(sent().MessageBody)) as CloudEvent).toMatchObject(structured);
  });

  test.each([
    [1, 1],
    [61_500, 62],
    [900_000, 900],
    [1e12, 900],
    [-1, 0],
    [Number.NaN, 0],
  ])('delays %s ms by %s seconds', async (delay, seconds) => {
    await send(
      sqs(() => ({ sendMessage }), 'https://sqs.example/1/orders'),
      delay,
    );
    expect(sent().DelaySeconds).toBe(seconds);
  });

  test('sets a group and a deduplication id on a FIFO queue, and no delay, which it would refuse', async () => {
    await send(
      sqs({ sendMessage }, () => 'https://sqs.example/1/orders.fifo'),
      5_000,
    );
    expect(sent()).toMatchObject({ MessageGroupId: 'tradewind', MessageDeduplicationId: 'm-1' });
    expect('DelaySeconds' in sent()).toBe(false);
  });
});

test('sns publishes a structured event, in a group if the topic is FIFO', async () => {
  const publish = vi.fn(async (_input: { Message: string }) => {});
  await send(sns({ publish }, 'arn:aws:sns:us-east-1:1:orders'));
  const input = publish.mock.lastCall?.[0] as { Message: string };
  expect(Object.keys(input)).toEqual(['TopicArn', 'Message']);
  expect(JSON.parse(input.Message)).toMatchObject(structured);
  await send(sns({ publish }, 'arn:aws:sns:us-east-1:1:orders.fifo'));
  expect(publish.mock.lastCall?.[0]).toMatchObject({ MessageGroupId: 'tradewind', MessageDeduplicationId: 'm-1' });
});

test('eventBridge sends the event, and an entry that was not accepted is an error', async () => {
  const putEvents = vi.fn(async (_input: { Entries: object[] }): Promise<object> => ({ FailedEntryCount: 0 }));
  expect(await send(eventBridge({ putEvents }, 'bus'))).toBe(204);
  expect(putEvents.mock.lastCall?.[0].Entries[0]).toMatchObject({
    EventBusName: 'bus',
    Source: '/tradewind/place',
    DetailType: 'tradewind.message',
  });
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  for (const unclear of [{}, { FailedEntryCount: 0, Entries: [{ ErrorCode: 'X' }] }]) {
    putEvents.mockResolvedValueOnce(unclear);
    expect(await send(eventBridge({ putEvents }))).toBe(503);
  }
  putEvents.mockResolvedValueOnce({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] });
  expect(await send(eventBridge({ putEvents }))).toBe(503);
  expect(String(error.mock.lastCall)).toContain('ThrottlingException');
  error.mockRestore();
});
