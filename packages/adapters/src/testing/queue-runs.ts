import type { AnyFunction, CloudEvent, QueueTrigger, Wiring } from '@tradewind/core';
import { type Awaitable, wired } from '@tradewind/core/adapter';
import type { WorkersBatch } from '../cloudflare/types.js';
import { lambda } from '../lambda/index.js';
import type { SqsBatchResponse } from '../lambda/types.js';
import { toSqsRecord } from './lambda.js';
import { fromWire, lambdaContext, onWorkers, withEnv, workersContext } from './pretend.js';
import { type PlatformName, type PlatformReport, type Run, unsupported } from './report.js';

/** Fake messages, as each platform would hand them over. */
export function queueRuns(plain: AnyFunction, messages: readonly CloudEvent[]): Record<PlatformName, Run> {
  const { queue } = plain.trigger as unknown as { queue: string };
  return {
    lambda: ({ env, deliveryAttempt, wiring }) =>
      withEnv(env, async () => {
        const delayed = new Set<string>();
        // As with a client: what is compared is the function, not whether its deployment can delay.
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
    'lambda:rest-api': unsupported,
    'lambda:alb': unsupported,
    'lambda:alb-multi-value': unsupported,
    node: unsupported,
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
  };
}

function settled(outcomes: readonly (string | undefined)[], seen: readonly unknown[], native: unknown): PlatformReport {
  const data = seen.length > 1 ? seen : seen[0];
  return { supported: true, outcome: outcomes.join(' '), value: undefined, data, native };
}

/** The function, and what its schema gets of each message. */
function watched(fn: AnyFunction): { readonly fn: AnyFunction; readonly seen: unknown[] } {
  const seen: unknown[] = [];
  const trigger = fn.trigger as unknown as QueueTrigger<unknown, unknown>;
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
