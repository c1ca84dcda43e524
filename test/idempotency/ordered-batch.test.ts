import { lambda } from '@tradewind/adapters/lambda';
import { defineFunction, queue } from '@tradewind/core';
import { type IdempotencyStore, idempotency, memoryStore } from '@tradewind/idempotency';
import { beforeEach, expect, test } from 'vitest';

// A batch of a FIFO queue: what is handled behind a message that will be redelivered has overtaken it for good, since the
// redelivery of both runs the first and replays the second.

let handled: unknown[] = [];
beforeEach(() => {
  handled = [];
});

const context = () => ({ awsRequestId: 'r-1', functionName: 'f', getRemainingTimeInMillis: () => 5_000 });
type Entry = readonly [id: string, group?: string];
const records = (entries: readonly Entry[]) => ({
  Records: entries.map(([messageId, MessageGroupId]) => ({
    messageId,
    receiptHandle: `h-${messageId}`,
    body: JSON.stringify(messageId),
    attributes: { ApproximateReceiveCount: '1', ...(MessageGroupId && { MessageGroupId, SequenceNumber: '1' }) },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:eu-west-1:1:orders${MessageGroupId ? '.fifo' : ''}`,
  })),
});

function charging(store: IdempotencyStore, first: () => unknown = () => {}) {
  let calls = 0;
  const charge = defineFunction('charge', queue({ queue: 'orders' }).batch())
    .use(idempotency({ store, key: ({ id }) => id }))
    .handle(async ({ messages }) => {
      if (calls++ === 0) await first();
      handled.push(...messages.map(({ data }) => data));
    });
  const handler = lambda(charge) as unknown as (
    event: object,
    context: object,
  ) => Promise<{ batchItemFailures: { itemIdentifier: string }[] }>;
  const raw = async (Records: readonly object[]) => {
    const { batchItemFailures } = await handler({ Records }, context());
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return Object.assign((...entries: readonly Entry[]) => raw(records(entries).Records), { raw });
}

/** A store that fails at its nth claim. */
function failingAt(nth: number): IdempotencyStore {
  const store = memoryStore();
  let claims = 0;
  return {
    maxValue: store.maxValue,
    claim: async (key, claim) => {
      if (++claims === nth) throw new Error('The store is down.');
      return store.claim(key, claim);
    },
    complete: store.complete.bind(store),
    release: store.release.bind(store),
    extend: store.extend.bind(store),
  };
}

test('nothing of a group is handled behind a message whose key could not be claimed', async () => {
  const send = charging(failingAt(2));
  const group = [
    ['m-1', 'g'],
    ['m-2', 'g'],
    ['m-3', 'g'],
    ['m-4', 'other'],
  ] as const;
  expect(await send(...group)).toEqual(['m-2', 'm-3']);
  expect(handled).toEqual(['m-1', 'm-4']);
  expect(await send(['m-2', 'g'], ['m-3', 'g'])).toEqual([]);
  expect(handled).toEqual(['m-1', 'm-4', 'm-2', 'm-3']);
});

test('nothing of a group is handled behind a message that another instance is at work on', async () => {
  let free = (): void => {};
  const busy = new Promise<void>((resolve) => {
    free = resolve;
  });
  const send = charging(memoryStore(), () => busy);
  const first = send(['m-1', 'g']);
  expect(await send(['m-1', 'g'], ['m-2', 'g'])).toEqual(['m-1', 'm-2']);
  expect(handled).toEqual([]);
  free();
  expect(await first).toEqual([]);
  expect(await send(['m-1', 'g'], ['m-2', 'g'])).toEqual([]);
  expect(handled).toEqual(['m-1', 'm-2']);
});

test('nothing of a group is handled behind a message that was rejected and stays in the queue', async () => {
  const send = charging(memoryStore());
  const group = (second: unknown) =>
    records([
      ['m-1', 'g'],
      ['m-2', 'g'],
    ]).Records.map((record, index) => ({ ...record, body: JSON.stringify(index === 0 ? second : record.messageId) }));
  expect(await send(['m-1', 'g'])).toEqual([]);
  handled = [];
  // The same id with other data: nobody can say which of the two it is.
  expect(await send.raw(group('changed'))).toEqual(['m-1', 'm-2']);
  expect(handled).toEqual([]);
});

test('without an order the others are handled', async () => {
  const send = charging(failingAt(1));
  expect(await send(['m-1'], ['m-2'])).toEqual(['m-1']);
  expect(handled).toEqual(['m-2']);
});
