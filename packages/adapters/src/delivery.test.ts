/** By platform and situation: exactly what each platform is told. The tests on real hosts show what happens then. */
import { defineFunction, observe, queue, reject, retryLater, type Transport } from '@tradewind/core';
import { memory } from '@tradewind/core/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { queueDelivery as onWorkers } from './cloudflare/delivery.js';
import { cloudflare, on as onCloudflare } from './cloudflare/index.js';
import { queueDelivery as onLambda } from './lambda/delivery.js';
import { lambda, on } from './lambda/index.js';
import type { Situation } from './shared/delivery.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const Data = z.enum(['good', 'throw', 'later', 'poison', 'hang']);
const work = (timeout?: number) =>
  define('work', queue({ queue: 'q', data: Data, ...(timeout && { timeout }) })).handle(({ data }) => {
    if (data === 'throw') throw new Error('no');
    if (data === 'later') throw retryLater({ after: 61_500 });
    if (data === 'poison') throw reject('poison');
    return data === 'hang' ? new Promise<void>(() => {}) : undefined;
  });
const bulk = define('bulk', queue({ queue: 'q', data: Data }).batch()).handle(({ messages }) =>
  Promise.allSettled(messages.map(async ({ data }) => (data === 'throw' ? Promise.reject(new Error('no')) : 1))),
);
const fullSink: Transport = { send: () => Promise.reject(new Error('full')) };

afterEach(() => {
  vi.useRealTimers();
});

const visibility = { changeMessageVisibility: vi.fn(async () => {}) };
const ARN = 'arn:aws:sqs:eu-west-1:123456789012:q';

/** What SQS is told of a batch. */
async function sqs(
  handler: ReturnType<typeof lambda>,
  bodies: readonly string[],
  { remaining = 30_000, arn = ARN, group }: { remaining?: number; arn?: string; group?: string } = {},
): Promise<unknown> {
  const Records = bodies.map((body, index) => ({
    messageId: `m-${index}`,
    receiptHandle: `r-${index}`,
    body,
    attributes: { ApproximateReceiveCount: '1', MessageGroupId: group },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
  }));
  const end = Date.now() + remaining;
  return handler({ Records }, { awsRequestId: 'id', getRemainingTimeInMillis: () => end - Date.now() });
}
const failures = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

/** What a Cloudflare queue is told of a batch. */
async function marks(
  worker: { queue: (...all: never[]) => Promise<void> },
  bodies: readonly string[],
): Promise<unknown[]> {
  const told: unknown[] = bodies.map(() => []);
  const messages = bodies.map((body, index) => ({
    id: `m-${index}`,
    timestamp: new Date(0),
    body,
    attempts: 1,
    ack: () => void (told[index] as unknown[]).push('ack'),
    retry: (options?: object) => void (told[index] as unknown[]).push(options ?? 'retry'),
  }));
  await worker.queue({ queue: 'q', messages } as never, {} as never, { waitUntil() {} } as never);
  return told.flat();
}

test('a message that is nested too deeply to be serialised is rejected, and the sink gets its original text', async () => {
  const sink = memory();
  const fn = define('work', queue({ queue: 'q' })).handle(() => {});
  const text = '['.repeat(6_000) + ']'.repeat(6_000);
  expect(await sqs(lambda(on(fn, { deadLetter: sink })), [text])).toEqual(failures());
  expect(sink.sent[0]?.event.data).toMatchObject({ event: { id: 'm-0', data: text } });
});

const LAMBDA: Record<Situation, () => Promise<void>> = {
  async return() {
    expect(await sqs(lambda(work()), ['good', 'good'])).toEqual(failures());
  },
  async throw() {
    expect(await sqs(lambda(work()), ['good', 'throw', 'good'])).toEqual(failures('m-1'));
  },
  async retryLater() {
    visibility.changeMessageVisibility.mockClear();
    expect(await sqs(lambda(on(work(), { visibility })), ['good', 'later'])).toEqual(failures('m-1'));
    expect(visibility.changeMessageVisibility.mock.calls).toEqual([
      [{ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/q', ReceiptHandle: 'r-1', VisibilityTimeout: 62 }],
    ]);
    const redeliver = memory();
    expect(await sqs(lambda(on(work(), { redeliver })), ['good', 'later'])).toEqual(failures());
    expect(redeliver.sent).toMatchObject([{ event: { id: 'm-1', data: 'later' }, options: { delay: 61_500 } }]);
    expect(await sqs(lambda(work()), ['later'])).toEqual(failures('m-0'));
    const matters = define('f', queue({ queue: 'q', delayedRetry: true })).handle(() => {});
    expect(() => lambda(matters)).toThrow("'f' has `delayedRetry: true`, but Lambda cannot delay a message by itself");
    lambda(on(matters, { visibility: () => visibility }));
    const broken = { changeMessageVisibility: () => Promise.reject(new Error('denied')) };
    expect(await sqs(lambda(on(work(), { visibility: broken })), ['later'])).toEqual(failures('m-0'));
  },
  async reject() {
    expect(await sqs(lambda(work()), ['poison', 'good'])).toEqual(failures('m-0'));
  },
  async 'reject, with a sink'() {
    const deadLetter = memory();
    expect(await sqs(lambda(on(work(), { deadLetter })), ['poison', 'good'])).toEqual(failures());
    expect(deadLetter.sent.map(({ event }) => event.id)).toEqual(['m-0']);
  },
  async 'a sink that fails'() {
    expect(await sqs(lambda(on(work(), { deadLetter: fullSink })), ['poison', 'good'])).toEqual(failures('m-0'));
  },
  async 'data that does not fit its schema'() {
    const deadLetter = memory();
    const polluted = '{"__proto__":{"a":1}}';
    expect(await sqs(lambda(work()), ['else', polluted])).toEqual(failures('m-0', 'm-1'));
    expect(await sqs(lambda(on(work(), { deadLetter })), ['else', polluted])).toEqual(failures());
    expect(deadLetter.sent.map(({ event }) => (event.data as { event: { data: unknown } }).event.data)).toEqual([
      'else',
      polluted,
    ]);
  },
  async 'the deadline'() {
    vi.useFakeTimers();
    const answer = sqs(lambda(work()), ['good', 'hang', 'good'], { remaining: 3_000 });
    await vi.advanceTimersByTimeAsync(2_700);
    expect(await answer).toEqual(failures('m-1'));
    expect(await sqs(lambda(work()), ['good'], { remaining: 0 })).toEqual(failures('m-0'));
  },
  async order() {
    const fifo = { arn: `${ARN}.fifo`, group: 'g' };
    expect(await sqs(lambda(work()), ['good', 'throw', 'good'], fifo)).toEqual(failures('m-1', 'm-2'));
    expect(await sqs(lambda(work()), ['good', 'throw', 'good'], { ...fifo, arn: ARN })).toEqual(failures('m-1'));
    const deadLetter = memory();
    expect(await sqs(lambda(on(work(), { deadLetter })), ['poison', 'good'], fifo)).toEqual(failures());
  },
  async 'a batch at once'() {
    expect(await sqs(lambda(bulk), ['good', 'throw', 'else', 'good'])).toEqual(failures('m-1', 'm-2'));
    const fifo = { arn: `${ARN}.fifo`, group: 'g' };
    expect(await sqs(lambda(bulk), ['good', 'throw', 'good'], fifo)).toEqual(failures('m-1', 'm-2'));
  },
};

const WORKERS: Record<Situation, () => Promise<void>> = {
  async return() {
    expect(await marks(cloudflare(work()), ['good', 'good'])).toEqual(['ack', 'ack']);
  },
  async throw() {
    expect(await marks(cloudflare(work()), ['good', 'throw'])).toEqual(['ack', 'retry']);
  },
  async retryLater() {
    expect(await marks(cloudflare(work()), ['good', 'later'])).toEqual(['ack', { delaySeconds: 62 }]);
    const far = define('f', queue({ queue: 'q', delayedRetry: true })).handle(() => {
      throw retryLater({ after: Number.POSITIVE_INFINITY });
    });
    expect(await marks(cloudflare(far), ['x'])).toEqual([{ delaySeconds: 86_400 }]);
  },
  async reject() {
    expect(await marks(cloudflare(work()), ['poison', 'good'])).toEqual(['retry', 'ack']);
  },
  async 'reject, with a sink'() {
    const deadLetter = memory();
    expect(await marks(cloudflare(onCloudflare(work(), { deadLetter })), ['poison', 'good'])).toEqual(['ack', 'ack']);
    expect(deadLetter.sent.map(({ event }) => event.id)).toEqual(['m-0']);
  },
  async 'a sink that fails'() {
    const worker = cloudflare(onCloudflare(work(), { deadLetter: fullSink }));
    expect(await marks(worker, ['poison', 'good'])).toEqual(['retry', 'ack']);
  },
  async 'data that does not fit its schema'() {
    expect(await marks(cloudflare(work()), ['else', '{"__proto__":1}'])).toEqual(['retry', 'retry']);
  },
  async 'the deadline'() {
    vi.useFakeTimers();
    const told = marks(cloudflare(work(3_000)), ['good', 'hang', 'good']);
    await vi.advanceTimersByTimeAsync(2_700);
    expect(await told).toEqual(['ack', 'retry', 'ack']);
  },
  async order() {
    expect(await marks(cloudflare(work()), ['throw', 'good'])).toEqual(['retry', 'ack']);
  },
  async 'a batch at once'() {
    expect(await marks(cloudflare(bulk), ['good', 'throw', 'else', 'good'])).toEqual(['ack', 'retry', 'retry', 'ack']);
  },
};

describe.each([
  [onLambda, LAMBDA],
  [onWorkers, WORKERS],
])('$platform', (table, checks) => {
  test.each(Object.keys(table.situations) as Situation[])('%s', (situation) => checks[situation]());
});

test('a delay that cannot be kept is observed, with what happened instead', async () => {
  const seen: unknown[] = [];
  const stop = observe((event) => {
    if (event.type === 'delivery.downgraded') seen.push(event.to);
  });
  await sqs(lambda(work()), ['later']);
  const far = define('far', queue({ queue: 'q' })).handle(() => {
    throw retryLater({ after: Number.POSITIVE_INFINITY });
  });
  await sqs(lambda(on(far, { visibility })), ['x']);
  await marks(cloudflare(far), ['x']);
  const denied = { changeMessageVisibility: () => Promise.reject(new Error('denied')) };
  await sqs(lambda(on(work(), { visibility: denied })), ['later']);
  stop();
  expect(seen).toEqual(['retry', 43_200_000, 86_400_000, 'retry']);
});

describe('hostile batches', () => {
  test('two records with the same id are both redelivered if one of them fails', async () => {
    const record = {
      messageId: 'same',
      receiptHandle: 'r',
      attributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: ARN,
    };
    const answer = await lambda(work())(
      {
        Records: [
          { ...record, body: 'good' },
          { ...record, body: 'throw' },
        ],
      },
      { awsRequestId: 'id', getRemainingTimeInMillis: () => 30_000 },
    );
    expect(answer).toEqual(failures('same'));
  });

  test('a FIFO message is never sent again, because the rest of its group would overtake it', async () => {
    const redeliver = memory();
    const fifo = { arn: `${ARN}.fifo`, group: 'g' };
    expect(await sqs(lambda(on(work(), { redeliver })), ['later', 'good'], fifo)).toEqual(failures('m-0', 'm-1'));
    expect(redeliver.sent).toEqual([]);
  });

  test('a transport that cannot delay does not satisfy delayedRetry', () => {
    const matters = define('f', queue({ queue: 'q', delayedRetry: true })).handle(() => {});
    expect(() => lambda(on(matters, { redeliver: { ...memory(), longestDelay: 0 } }))).toThrow(
      'has `delayedRetry: true`, but',
    );
  });

  test('if acking one message throws, the others are still acked or retried', async () => {
    const told: string[] = [];
    const message = (id: string, ack: () => void) => ({
      id,
      timestamp: new Date(0),
      body: 'good',
      attempts: 1,
      ack,
      retry() {},
    });
    const broken = message('a', () => {
      throw new Error('no');
    });
    const messages = [broken, message('b', () => told.push('b'))];
    await cloudflare(work()).queue({ queue: 'q', messages }, {}, { waitUntil() {} });
    expect(told).toEqual(['b']);
  });

  test('a structured event is unwrapped, and reported as failed with its SQS message id', async () => {
    const seen: unknown[] = [];
    const fn = define('f', queue({ queue: 'q' })).handle(({ id, data, extensions }, { deliveryAttempt }) => {
      seen.push(id, data, extensions.tenant, deliveryAttempt);
      throw new Error('no');
    });
    const body = {
      specversion: '1.0',
      id: 'ce-1',
      source: '/s',
      type: 't',
      tenant: 'x',
      data: { a: 1 },
    };
    expect(await sqs(lambda(fn), [JSON.stringify(body)])).toEqual(failures('m-0'));
    expect(seen).toEqual(['ce-1', { a: 1 }, 'x', 1]);
  });
});
