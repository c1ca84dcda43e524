import { cloudflare } from '@tradewind/adapters/cloudflare';
import { lambda } from '@tradewind/adapters/lambda';
import { defineFunction, event, queue, schedule } from '@tradewind/core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  alb,
  albMultiValue,
  apiGatewayV1,
  apiGatewayV2,
  ec2StateChange,
  functionUrl,
  scheduledEvent,
  sqs,
  sqsFifo,
} from '../golden/aws.ts';
import { everything, other, quiet, RUNS } from './functions.ts';
import { mutate, mutations } from './mutate.ts';
import { requests } from './requests.ts';

const context = { awsRequestId: 'id', getRemainingTimeInMillis: () => 30_000 };
const define = defineFunction.logger(quiet);

afterEach(() => {
  expect('polluted' in {}).toBe(false);
});

/** An answer that API Gateway or a load balancer accepts. */
function expectAnswer(answer: unknown): void {
  const {
    statusCode,
    headers = {},
    multiValueHeaders = {},
    body,
    isBase64Encoded,
  } = answer as {
    statusCode: unknown;
    headers?: object;
    multiValueHeaders?: object;
    body: unknown;
    isBase64Encoded: unknown;
  };
  if (!Number.isInteger(statusCode) || (statusCode as number) < 200 || (statusCode as number) >= 600)
    throw new Error(`status ${statusCode}`);
  // Nothing that a client sends is the server's fault.
  if (statusCode === 500) throw new Error('a 500');
  for (const value of Object.values(headers)) expect(typeof value).toBe('string');
  for (const values of Object.values(multiValueHeaders)) expect(Array.isArray(values)).toBe(true);
  expect(typeof body).toBe('string');
  expect(typeof isBase64Encoded).toBe('boolean');
}

describe('10,000 mutations of each request are answered, or fail as foreign', () => {
  test.each([
    ['API Gateway 2.0', apiGatewayV2],
    ['a function URL', functionUrl],
    ['API Gateway 1.0', apiGatewayV1],
    ['a load balancer', alb],
    ['a load balancer, multi-value', albMultiValue],
  ])('%s', async (_name, golden) => {
    const handler = lambda(everything);
    await fc.assert(
      fc.asyncProperty(mutations, async (all) => {
        const event = mutate(golden, all);
        let answer: unknown;
        try {
          answer = await handler(event, context);
        } catch (error) {
          expect(error).toMatchObject({ name: 'FunctionError', code: 'foreign_event' });
          return;
        }
        expectAnswer(answer);
      }),
      RUNS,
    );
  });

  test('a request to a Worker', async () => {
    const worker = cloudflare(everything, other);
    await fc.assert(
      fc.asyncProperty(requests, async ({ method, url, headers, body }) => {
        let request: Request;
        try {
          const isRead = method === 'GET' || method === 'HEAD';
          const init = { method, headers: Object.fromEntries(headers), body: isRead ? null : (body as BodyInit) };
          request = new Request(`https://a.example${url}`, init);
        } catch {
          // The web has none for it.
          return;
        }
        const response = await worker.fetch(request, {}, { waitUntil() {} });
        expect(response.status).not.toBe(500);
        await response.arrayBuffer();
      }),
      RUNS,
    );
  });
});

describe('10,000 mutations of each batch lose no message', () => {
  const Job = z.union([z.object({ orderId: z.string() }), z.string()]);
  const done = new Set<string>();
  const work = define('work', queue({ queue: 'q', data: Job })).handle(({ id, data }) => {
    if (data === 'fail') throw new Error('no');
    done.add(id);
  });

  test.each([
    ['SQS', sqs],
    ['SQS FIFO', sqsFifo],
  ])('%s', async (_name, golden) => {
    const handler = lambda(work);
    const record = golden.Records[0]!;
    const batch = { Records: ['1', '2', '3'].map((n) => ({ ...record, messageId: `${record.messageId}-${n}` })) };
    await fc.assert(
      fc.asyncProperty(mutations, async (all) => {
        done.clear();
        const event = mutate(batch, all) as { Records: { messageId: string }[] };
        let failures: { itemIdentifier: string }[];
        try {
          ({ batchItemFailures: failures } = (await handler(event, context)) as {
            batchItemFailures: { itemIdentifier: string }[];
          });
        } catch (error) {
          expect(error).toMatchObject({ name: 'FunctionError', code: 'foreign_event' });
          return;
        }
        const ids = event.Records.map(({ messageId }) => messageId);
        const failed = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
        for (const id of failed) expect(ids).toContain(id);
        for (const id of ids) expect(failed.has(id) || done.has(id), `${id} is lost`).toBe(true);
      }),
      RUNS,
    );
  });

  test('Cloudflare Queues', async () => {
    const worker = cloudflare(work);
    const messages = ['1', '2', '3'].map((id) => ({ id, timestamp: 0, attempts: 1, body: { orderId: '1' } }));
    await fc.assert(
      fc.asyncProperty(mutations, async (all) => {
        done.clear();
        const mutated = mutate(messages, all);
        if (!Array.isArray(mutated)) return;
        const marks = new Map<object, string>();
        const batch = mutated
          .filter((message) => typeof message === 'object' && message !== null)
          .map((message) => ({
            ...message,
            timestamp: typeof message.timestamp === 'number' ? new Date(message.timestamp) : message.timestamp,
            ack() {
              if (!marks.has(this)) marks.set(this, 'ack');
            },
            retry() {
              if (!marks.has(this)) marks.set(this, 'retry');
            },
          }));
        await worker.queue({ queue: 'q', messages: batch }, {}, { waitUntil() {} });
        for (const message of batch) {
          expect(marks.has(message)).toBe(true);
          if (marks.get(message) === 'ack') expect(done.has(message.id)).toBe(true);
        }
      }),
      RUNS,
    );
  });
});

describe('10,000 mutations of each single event are handled, or fail the invocation', () => {
  let handled = 0;
  const shipped = define('shipped', event({ type: 't', data: z.object({ id: z.string() }) })).handle(() => {
    handled += 1;
  });
  const nightly = define('nightly', schedule({ cron: '0 3 * * *' })).handle(() => {
    handled += 1;
  });

  test.each([
    ['EventBridge', lambda(shipped), { ...ec2StateChange, 'detail-type': 't', detail: { id: '1' } }],
    ['a rule of EventBridge', lambda(nightly), scheduledEvent],
  ])('%s', async (_name, handler, golden) => {
    await fc.assert(
      fc.asyncProperty(mutations, async (all) => {
        handled = 0;
        const failed = await handler(mutate(golden, all), context).then(
          () => false,
          () => true,
        );
        expect(failed).toBe(handled === 0);
      }),
      RUNS,
    );
  });

  test('a cron trigger', async () => {
    const worker = cloudflare(nightly);
    const golden = { cron: '0 3 * * *', scheduledTime: 0 };
    await fc.assert(
      fc.asyncProperty(mutations, async (all) => {
        handled = 0;
        const controller = { ...Object(mutate(golden, all)), noRetry() {} };
        const failed = await worker.scheduled(controller, {}, { waitUntil() {} }).then(
          () => false,
          () => true,
        );
        expect(failed).toBe(handled === 0);
      }),
      RUNS,
    );
  });
});
