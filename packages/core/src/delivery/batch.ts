import type { InvocationContext } from '../context/context.js';
import { describe, FunctionError } from '../errors.js';
import type { AnyFunction } from '../function/define.js';
import type { BatchMessage, CloudEvent } from '../messages/event.js';
import { keepGroup } from '../messages/group.js';
import type { QueueTrigger } from '../messages/queue.js';
import { keepRaw } from '../messages/raw.js';
import { type Awaitable, isThenable } from '../thenable.js';
import { attemptOf, type Delivery, deliver, failed, keep, type Settlement, told } from './deliver.js';

/** Called once for each message. */
type Settled = (index: number, settlement: Settlement) => Awaitable<void>;

/**
 * For adapters: runs a function for the messages of one invocation, and reports each settlement at once.
 *
 * @param groups - message indexes. The messages of a group are handled one after the other. After one that is to be
 * redelivered, none is handled, because that would break the group's order. A message without an order is a group of
 * one.
 * @param settled - called once for each message.
 */
export function deliverAll(
  fn: AnyFunction,
  deliveries: readonly Delivery[],
  groups: readonly (readonly number[])[],
  invocation: InvocationContext,
  settled: Settled,
): Awaitable<void> {
  const { isBatch, concurrency } = fn.trigger as QueueTrigger;
  if (isBatch) return deliverAtOnce(fn, deliveries, groups, invocation, settled);
  const hold = holder(deliveries, invocation);
  const one = (index: number): Awaitable<Settlement> => deliver(fn, deliveries[index] as Delivery, invocation);
  let next = 0;
  const work = (): Awaitable<void> => {
    while (next < groups.length) {
      const done = inOrder(groups[next++] as readonly number[], one, hold, settled);
      if (isThenable(done)) return done.then(work);
    }
    return undefined;
  };
  const workers: PromiseLike<void>[] = [];
  while (workers.length < concurrency && next < groups.length) {
    const worker = work();
    if (isThenable(worker)) workers.push(worker as PromiseLike<void>);
  }
  return workers.length > 0 ? Promise.all(workers).then(() => {}) : undefined;
}

type One = (index: number) => Awaitable<Settlement>;
type Hold = (index: number) => Settlement;

/** Settles the messages that follow one to be redelivered: handling them would break their group's order. */
function holder(deliveries: readonly Delivery[], invocation: InvocationContext): Hold {
  const held = new Map<number, Settlement>();
  return (index) => {
    const before = held.get(index);
    if (before) return before;
    const { event, attempt } = deliveries[index] as Delivery;
    const error = heldBack();
    const settlement = told({ outcome: 'retry', done: false, error }, event, invocation.fork(attempt));
    held.set(index, settlement);
    return settlement;
  };
}

/** For packages: the error of a message that follows one to be redelivered. */
export function heldBack(): FunctionError {
  return new FunctionError(
    'unavailable',
    'An earlier message of the same group is to be redelivered, so this one is redelivered after it.',
  );
}

function inOrder(group: readonly number[], one: One, hold: Hold, settled: Settled): Awaitable<void> {
  if (group.length > 1) return oneAfterAnother(group, one, hold, settled);
  const index = group[0] as number;
  const settlement = one(index);
  return isThenable(settlement) ? settlement.then((ready) => settled(index, ready)) : settled(index, settlement);
}

async function oneAfterAnother(group: readonly number[], one: One, hold: Hold, settled: Settled): Promise<void> {
  let isHeld = false;
  for (const index of group) {
    const settlement: Settlement = isHeld ? hold(index) : await one(index);
    isHeld ||= !settlement.done;
    await settled(index, settlement);
  }
}

async function deliverAtOnce(
  fn: AnyFunction,
  deliveries: readonly Delivery[],
  groups: readonly (readonly number[])[],
  invocation: InvocationContext,
  settled: Settled,
): Promise<void> {
  const { checkItem } = fn.trigger as QueueTrigger;
  const hold = holder(deliveries, invocation);
  const refused = new Map<number, Settlement>();
  const messages = new Map<number, BatchMessage>();
  const kept = deliveries.map(({ event }) => keep(event, invocation));
  const attempts = deliveries.map((delivery) => attemptOf(delivery, invocation));
  const settle = (index: number, result: ItemResult): Awaitable<Settlement> => {
    const event = kept[index] as CloudEvent;
    const context = invocation.fork(attempts[index]);
    return result.status === 'fulfilled'
      ? told({ outcome: 'ack', done: true }, event, context)
      : failed(result.reason, event, context);
  };

  const check: One = async (index) => {
    const { event, error } = deliveries[index] as Delivery;
    if (error !== undefined) return settle(index, { status: 'rejected', reason: error });
    try {
      const checked = checkItem(event);
      const message = isThenable(checked) ? await invocation.inTime(checked) : checked;
      messages.set(index, keepRaw({ ...message, deliveryAttempt: attempts[index] }, event.data));
      return { outcome: 'ack', done: true };
    } catch (reason) {
      return settle(index, { status: 'rejected', reason });
    }
  };
  for (const group of groups) {
    await oneAfterAnother(group, check, hold, (index, settlement) => {
      const message = messages.get(index);
      if (!message) refused.set(index, settlement);
      else if (group.length > 1) keepGroup(message, group);
    });
  }

  const results = await runAtOnce(fn, messages, invocation);
  const end: One = (index) => refused.get(index) ?? settle(index, results.get(index) as ItemResult);
  for (const group of groups) await oneAfterAnother(group, end, hold, settled);
}

type ItemResult = PromiseSettledResult<unknown>;

async function runAtOnce(
  fn: AnyFunction,
  messages: ReadonlyMap<number, BatchMessage>,
  invocation: InvocationContext,
): Promise<ReadonlyMap<number, ItemResult>> {
  const indexes = [...messages.keys()].toSorted((a, b) => a - b);
  const each = (result: (at: number) => ItemResult) => new Map(indexes.map((index, at) => [index, result(at)]));
  if (indexes.length === 0) return each(() => ({ status: 'fulfilled', value: undefined }));
  try {
    if (invocation.expired) throw new FunctionError('timeout', 'The deadline was too close to start this batch.');
    const batch = { messages: indexes.map((index) => messages.get(index)) };
    const results = await invocation.inTime(Promise.resolve(fn.run(batch, invocation)));
    const ends = batchResults(fn.name, indexes.length, results);
    return each((at) => ends[at] as ItemResult);
  } catch (reason) {
    return each(() => ({ status: 'rejected', reason }));
  }
}

/**
 * For packages: the results of a batch function, one for each message.
 *
 * @throws FunctionError `internal` if the function returned anything else.
 */
export function batchResults(name: string, length: number, results: unknown): readonly ItemResult[] {
  if (results === undefined) return Array.from({ length }, () => ({ status: 'fulfilled', value: undefined }));
  if (isResults(results, length)) return results;
  // The array may contain promises, whose unhandled rejections would end the process.
  if (Array.isArray(results)) void Promise.allSettled(results);
  const came = Array.isArray(results) ? `${results.length} entries, not all of them { status }` : describe(results);
  throw new FunctionError(
    'internal',
    `The batch function '${name}' got ${length} messages and returned ${came}. It must return nothing, or the result of Promise.allSettled for them.`,
  );
}

function isResults(results: unknown, length: number): results is readonly ItemResult[] {
  return (
    Array.isArray(results) &&
    results.length === length &&
    // Copied, because `every` skips the holes of a sparse array.
    Array.from(results).every((result) => result?.status === 'fulfilled' || result?.status === 'rejected')
  );
}
