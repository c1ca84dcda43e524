import type { InvocationContext } from '../context/context.js';
import { deliverAll } from '../delivery/batch.js';
import { type Delivery, deliver as deliverOne, type Settlement } from '../delivery/deliver.js';
import { misconfigured } from '../errors.js';
import type { AnyFunction, TradewindFunction } from '../function/define.js';
import type { InputOfTrigger } from '../function/trigger.js';
import { sendable } from '../http/finalize.js';
import { followed } from '../http/followed.js';
import { HTTP_RESULT, type HttpResult, isStream } from '../http/result.js';
import type { HttpTrigger } from '../http/trigger.js';
import { toDelivery } from '../messages/data.js';
import type { CloudEvent, QueueBatch } from '../messages/event.js';
import type { QueueTrigger } from '../messages/queue.js';
import { type FakeEvent, resolveRequest } from './fakes.js';
import { FakeRequestEvent, fakeContext, type InvokeOptions } from './pretend.js';

/** The type of the fake events that a function accepts. */
export type FakeFor<F extends AnyFunction> = FakeEvent<F['trigger']['kind'], InputOfTrigger<F['trigger']>>;

type ValueOf<F> =
  F extends TradewindFunction<infer T, infer Value> ? (T['kind'] extends 'http' ? HttpResult : Value) : never;

/**
 * Runs the whole chain of a function with a fake event: parsing, layers and handler.
 *
 * @returns for HTTP the result, also for errors; for messages the handler's value.
 * @throws for messages what the handler or a layer threw; for HTTP only if a 2xx response does not match the trigger's
 * `response` schema.
 * @example
 * ```ts
 * import { defineFunction, queue } from '@tradewind/core';
 * import { fakeMessage, invoke } from '@tradewind/core/testing';
 * import { z } from 'zod';
 *
 * const charge = defineFunction('charge', queue({ queue: 'orders', data: z.object({ orderId: z.string() }) })).handle(
 *   ({ data }) => ({ paid: data.orderId }),
 * );
 * await invoke(charge, fakeMessage({ orderId: '1' })); // { paid: '1' }
 * ```
 */
export async function invoke<F extends AnyFunction>(
  fn: F,
  event: FakeFor<F>,
  options: InvokeOptions = {},
): Promise<ValueOf<F>> {
  const context = fakeContext(fn, event, options);
  let isStreaming = false;
  try {
    const fake = event as FakeEvent<'http', unknown> | FakeEvent<'queue', unknown>;
    if (fake.kind !== 'http') return (await fn.run(await queueEvent(fn, fake, context), context)) as ValueOf<F>;
    const trigger = fn.trigger as HttpTrigger;
    const request = new FakeRequestEvent(await resolveRequest(trigger, fake));
    request.match = trigger.match;
    request.maxBodySize = trigger.maxBodySize;
    const result = (await fn.run(request, context)) as HttpResult;
    const sent = sendable((await trigger.checkResponse(result)) as HttpResult, request.method, context);
    isStreaming = context.isWatched && isStream(sent.body);
    const answer = isStreaming ? { ...sent, body: followed(sent.body as never, context) } : sent;
    // Not enumerable, so that a test can compare the result with its four members.
    return Object.defineProperty(answer, HTTP_RESULT, { value: true }) as ValueOf<F>;
  } finally {
    await context.end(isStreaming);
  }
}

/** The input of a queue function's chain: a message, or a batch of validated messages. */
async function queueEvent(
  fn: AnyFunction,
  { messages }: FakeEvent<'queue', unknown>,
  { deliveryAttempt }: InvocationContext,
): Promise<CloudEvent | QueueBatch> {
  const { isBatch, checkItem } = fn.trigger as QueueTrigger;
  const events = messages.map((message) => {
    const { event, error } = toDelivery({ ...message }, deliveryAttempt);
    if (error !== undefined) throw error;
    return event;
  });
  if (!isBatch) return { ...(events[0] as CloudEvent) };
  // Each one in a promise: one that throws at once would leave the others with rejections that nobody handles.
  const checked = await Promise.all(events.map(async (message) => checkItem(message)));
  return { messages: checked.map((message) => ({ ...message, deliveryAttempt })) };
}

/**
 * Delivers a fake message as a platform does, and returns how the delivery ended: its `outcome` (`ack`, `retry`,
 * `retryLater` with `after`, or `reject`), whether the message is `done`, and the `error`.
 *
 * @example
 * ```ts
 * import { defineFunction, queue, reject } from '@tradewind/core';
 * import { deliver, fakeMessage, memory } from '@tradewind/core/testing';
 *
 * const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(() => {
 *   throw reject('Nobody sells this.');
 * });
 * const deadLetter = memory();
 * await deliver(charge, fakeMessage({ orderId: '1' }), { wiring: { deadLetter } }); // { outcome: 'reject', done: true, ... }
 * ```
 */
export async function deliver<F extends AnyFunction>(
  fn: F,
  event: FakeFor<F>,
  options: InvokeOptions = {},
): Promise<Settlement> {
  if ((fn.trigger as Partial<QueueTrigger>).isBatch) {
    throw misconfigured(`'${fn.name}' takes a batch: use deliverBatch(...), which returns how each message ended.`);
  }
  const [settlement] = await deliverBatch(fn, event, options);
  return settlement as Settlement;
}

/** Delivers fake messages as one batch, and returns how each delivery ended, see {@link deliver}. */
export async function deliverBatch<F extends AnyFunction>(
  fn: F,
  event: FakeFor<F>,
  options: InvokeOptions = {},
): Promise<readonly Settlement[]> {
  const context = fakeContext(fn, event, options);
  const { messages } = event as FakeEvent<'queue', unknown>;
  const deliveries = messages.map((message) => toDelivery({ ...message }, context.deliveryAttempt));
  const settlements: Settlement[] = [];
  try {
    if (fn.trigger.kind !== 'queue') return [await deliverOne(fn, deliveries[0] as Delivery, context)];
    await deliverAll(
      fn,
      deliveries,
      messages.map((_, index) => [index]),
      context,
      (index, settlement) => {
        settlements[index] = settlement;
      },
    );
    return settlements;
  } finally {
    await context.end();
  }
}
