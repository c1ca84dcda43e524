import type { AnyFunction, CloudEvent, QueueTrigger, Wiring } from '@tradewind/core';
import { type Awaitable, wired } from '@tradewind/core/adapter';
import { memory } from '@tradewind/core/testing';
import type { WorkersBatch } from '../cloudflare/types.js';
import { lambda } from '../lambda/index.js';
import type { SqsBatchResponse } from '../lambda/types.js';
import { busMetadata, busMetadataOfAll, onAzure, storageMetadata } from './azure.js';
import { onGcf, toPublished, toPubSub } from './gcf.js';
import { toSqsRecord } from './lambda.js';
import { post } from './node.js';
import { fromWire, lambdaContext, onWorkers, withEnv, workersContext } from './pretend.js';
import type { PlatformReport, Run, Runs } from './report.js';

/** Runs fake messages on each platform, in that platform's format. */
export function queueRuns(plain: AnyFunction, messages: readonly CloudEvent[]): Runs {
  const { queue, isBatch } = plain.trigger as QueueTrigger;
  return {
    lambda: ({ env, deliveryAttempt, wiring }) =>
      withEnv(env, async () => {
        const delayed = new Set<string>();
        // A client, because the comparison is about the function and not about whether its deployment can delay.
        const visibility = {
          async changeMessageVisibility({ ReceiptHandle }: { ReceiptHandle: string }): Promise<void> {
            delayed.add(ReceiptHandle);
          },
        };
        const records = messages.map((message) => toSqsRecord(message, queue, deliveryAttempt));
        const { fn, seen } = watched(plain);
        const handler = lambda(wired(fn, { ...wiring, visibility } as Wiring));
        const native = (await handler(fromWire({ Records: records }), lambdaContext())) as SqsBatchResponse;
        const failed = new Set(native.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        return settled(
          messages.map(({ id }) => (failed.has(id) ? (delayed.has(`receipt-${id}`) ? 'retryLater' : 'retry') : 'ack')),
          seen,
          native,
        );
      }),
    azure: oneByOne(plain, messages, (fn, message, attempt) =>
      onAzure(fn)(bytesOf(message), storageMetadata(message, attempt)),
    ),
    'azure:service-bus': isBatch
      ? allAtOnce(plain, messages)
      : oneByOne(plain, messages, (fn, message, attempt) =>
          onAzure(onBus(fn))(bytesOf(message), busMetadata(message, attempt)),
        ),
    gcf: oneByOne(plain, messages, (fn, message, attempt) => onGcf(fn).run(toPublished(message, attempt))),
    cloudflare: async ({ env, deliveryAttempt, wiring }) => {
      const marks: (string | undefined)[] = messages.map(() => undefined);
      const batch: WorkersBatch = {
        queue,
        messages: messages.map(({ id, time, data }, index) => ({
          id,
          timestamp: new Date(Date.parse(time ?? '') || 0),
          body: structuredClone(data),
          attempts: deliveryAttempt,
          ack() {
            marks[index] ??= 'ack';
          },
          retry(options) {
            marks[index] ??= options ? 'retryLater' : 'retry';
          },
        })),
      };
      const { fn, seen } = watched(plain);
      await onWorkers(wired(fn, wiring)).queue(batch, env, workersContext());
      return settled(marks, seen, marks);
    },
    node: oneByOne(plain, messages, async (fn, message, attempt) => {
      const status = await post(fn, toPubSub(message, attempt));
      if (status > 299) throw new Error(String(status));
    }),
  };
}

/** For a platform that passes one message at a time, and knows only success and failure. */
function oneByOne(
  plain: AnyFunction,
  messages: readonly CloudEvent[],
  deliver: (fn: AnyFunction, message: CloudEvent, attempt: number) => Promise<unknown>,
): Run {
  return ({ env, deliveryAttempt, wiring }) =>
    withEnv(env, async () => {
      const { fn, seen } = watched(plain);
      const redeliver = memory();
      const ends: [string, unknown][] = [];
      for (const message of messages) {
        const sent = redeliver.sent.length;
        const done = () => (redeliver.sent.length > sent ? 'retryLater' : 'ack');
        const end = deliver(wired(fn, { ...wiring, redeliver }), message, deliveryAttempt);
        ends.push(
          await end.then(
            (native): [string, unknown] => [done(), native],
            (error): [string, unknown] => ['retry', error],
          ),
        );
      }
      const [outcomes, natives] = [ends.map(([outcome]) => outcome), ends.map(([, native]) => native)];
      return settled(outcomes, seen, natives.length > 1 ? natives : natives[0]);
    });
}

/** For Service Bus, which passes a batch, and acks or retries it as a whole. */
function allAtOnce(plain: AnyFunction, messages: readonly CloudEvent[]): Run {
  return ({ env, deliveryAttempt, wiring }) =>
    withEnv(env, async () => {
      const { fn, seen } = watched(plain);
      const redeliver = memory();
      const app = onAzure(onBus(wired(fn, { ...wiring, redeliver })));
      const end = app(messages.map(bytesOf), busMetadataOfAll(messages, deliveryAttempt));
      const error = await end.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      const later = new Set(redeliver.sent.map(({ event }) => event.id));
      // A message whose id is JSON has its place in the queue as its id.
      const isLater = ({ id }: CloudEvent, index: number): boolean =>
        later.has(id) || later.has(`sequence-${index + 1}`);
      const outcomes = messages.map((one, index) => (error ? 'retry' : isLater(one, index) ? 'retryLater' : 'ack'));
      return settled(outcomes, seen, error);
    });
}

function onBus(fn: AnyFunction): AnyFunction {
  return wired(fn, { ...fn.settings.wiring, source: 'serviceBus', connection: 'FAKE' } as Wiring);
}

function bytesOf({ data }: CloudEvent): Uint8Array {
  return Buffer.from(typeof data === 'string' ? data : JSON.stringify(data ?? null));
}

function settled(outcomes: readonly (string | undefined)[], seen: readonly unknown[], native: unknown): PlatformReport {
  const data = seen.length > 1 ? seen : seen[0];
  return { supported: true, outcome: outcomes.join(' '), value: undefined, data, native };
}

/** The function, and what its schema receives for each message. */
function watched(fn: AnyFunction): { readonly fn: AnyFunction; readonly seen: unknown[] } {
  const seen: unknown[] = [];
  const trigger = fn.trigger as QueueTrigger;
  const checkItem = (event: CloudEvent): Awaitable<CloudEvent> => {
    seen.push(event.data);
    return trigger.checkItem(event);
  };
  const run: AnyFunction['run'] = (event, context) => {
    if (!trigger.isBatch) seen.push((event as CloudEvent).data);
    return fn.run(event, context);
  };
  return { fn: { ...fn, trigger: { ...trigger, checkItem } as never, run }, seen };
}
