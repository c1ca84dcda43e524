/** What a middleware of a function for messages may not change, it cannot. */
import sqsPartialBatchFailure from '@middy/sqs-partial-batch-failure';
import { defineFunction, event as onEvent, queue, schedule } from '@tradewind/core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type MiddyMiddleware, toMiddy } from './index.js';

const ran: unknown[] = [];
beforeEach(() => {
  ran.length = 0;
  vi.spyOn(console, 'error').mockImplementation(() => {});
});

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const charge = define('charge', queue({ queue: 'orders' })).handle(({ data }) => {
  ran.push(data);
  if (data === 'broken') throw new Error('down');
});
const record = (messageId: string, data: string) => ({
  messageId,
  body: JSON.stringify(data),
  receiptHandle: 'r',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:orders',
  attributes: { ApproximateReceiveCount: '1' },
  messageAttributes: {},
});
const good = { Records: [record('a', 'fine'), record('b', 'fine')] };
const mixed = { Records: [record('a', 'fine'), record('b', 'broken')] };
const context = () => ({ awsRequestId: 'id', getRemainingTimeInMillis: () => 30_000 });
const failures = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });
const partial = (): MiddyMiddleware => sqsPartialBatchFailure({ logger: () => {} }) as MiddyMiddleware;
const setting = (response: unknown): MiddyMiddleware => ({
  after: (request) => {
    request.response = response;
  },
  onError: (request) => {
    request.response = response;
  },
});
const failing: MiddyMiddleware = {
  after() {
    throw new Error('guest');
  },
};

describe('of a batch, the messages that are done are the function’s to say', () => {
  test.each([
    ['sqsPartialBatchFailure', partial()],
    ['one that sets a response', setting(undefined)],
    ['one that reports all as done', setting(failures())],
    ['one that reports all as failed', setting(failures('a', 'b'))],
    ['one that changes the response', { after: ({ response }) => void (response.batchItemFailures.length = 0) }],
    ['one that adds to it', { after: ({ response }) => void response.batchItemFailures.push({ itemIdentifier: 'a' }) }],
    ['one that returns early', { after: () => failures('a', 'b') }],
    ['one that fails', failing],
  ] as [string, MiddyMiddleware][])('%s', async (_, guest) => {
    const handler = toMiddy(charge).use(guest);
    expect(await handler(good, context())).toEqual(failures());
    expect(await handler(mixed, context())).toEqual(failures('b'));
    expect(ran).toEqual(['fine', 'fine', 'fine', 'broken']);
  });

  test('a failure of a middleware is logged', async () => {
    await toMiddy(charge).use(failing)(good, context());
    expect(String(vi.mocked(console.error).mock.calls)).toContain('A middy middleware failed after the function.');
  });

  test('a batch that is refused as a whole is not reported as done', async () => {
    for (const guest of [setting(failures()), { onError: () => failures() }]) {
      await expect(toMiddy(charge).use(guest)({ Records: [{ body: 'no id' }] }, context())).rejects.toThrow('charge');
    }
  });
});

describe('if a middleware fails or responds before the function', () => {
  const early = (response: unknown): MiddyMiddleware => ({ before: () => response });
  const refusing: MiddyMiddleware = {
    before() {
      throw new Error('guest');
    },
  };

  test('no message is reported as done', async () => {
    await expect(toMiddy(charge).use(refusing)(good, context())).rejects.toThrow('guest');
    expect(await toMiddy(charge).use(partial()).use(refusing)(good, context())).toEqual(failures('a', 'b'));
    for (const response of [null, 'done', { ok: true }, 7]) {
      await expect(toMiddy(charge).use(early(response))(good, context())).rejects.toThrow(
        'A middy middleware responded for messages that did not run',
      );
    }
    const handled: MiddyMiddleware = { onError: () => ({ handled: true }) };
    await expect(toMiddy(charge).use([handled, refusing])(good, context())).rejects.toThrow('did not run');
    expect(ran).toEqual([]);
  });

  test('it may say which ones, as a store of outcomes does', async () => {
    expect(await toMiddy(charge).use(early(failures('b')))(good, context())).toEqual(failures('b'));
  });

  test('a replaced context is refused before anything runs', async () => {
    const replacing: MiddyMiddleware = {
      before: (request) => {
        request.context = { ...request.context };
      },
    };
    await expect(toMiddy(charge).use(replacing)(good, context())).rejects.toThrow('has replaced the context');
    expect(ran).toEqual([]);
  });
});

const bus = (type: string) => ({
  id: 'e-1',
  source: 'shop',
  'detail-type': type,
  time: '2030-01-01T00:00:00Z',
  account: '1',
  region: 'eu-central-1',
  resources: [],
  detail: {},
});

test.each([
  [
    'an event',
    'shipped',
    (fails: boolean) =>
      define('f', onEvent({ type: 'shipped' })).handle(() => {
        if (fails) throw new Error('down');
      }),
  ],
  [
    'a schedule',
    'Scheduled Event',
    (fails: boolean) =>
      define('f', schedule({ cron: '0 3 * * *' })).handle(() => {
        if (fails) throw new Error('down');
      }),
  ],
])('%s that failed is retried, and one that is done is not, whatever a middleware makes of it', async (_, type, fn) => {
  await expect(toMiddy(fn(true) as never).use(setting('handled'))(bus(type), context())).rejects.toThrow('down');
  await expect(toMiddy(fn(false) as never).use(failing)(bus(type), context())).resolves.toBeUndefined();
});
