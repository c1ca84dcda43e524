import { type BatchMessage, isDeliverySignal, type Next, type Result, reply } from '@tradewind/core';
import { batchResults, groupOf, heldBack, type InvocationContext, type NextWith } from '@tradewind/core/adapter';
import { delivered } from './messages.js';
import { once, type Work } from './once.js';
import type { Idempotency } from './options.js';

/** A message whose key was granted, until the handler has reported its result. */
interface Ready {
  readonly index: number;
  readonly message: BatchMessage;
  readonly idempotency: Idempotency;
  readonly settle: (result: PromiseSettledResult<unknown>) => void;
}

/**
 * Claims all messages of a batch concurrently, passes on together those that were granted, and ends each one on its
 * own.
 *
 * @param workOf - the work for a message, which calls `join` to be handled.
 * @returns the result of `Promise.allSettled`, one entry per message.
 */
export async function inBatch(
  messages: readonly BatchMessage[],
  workOf: (message: BatchMessage, join: Next) => Promise<Work<Result>>,
  context: InvocationContext,
  next: NextWith,
): Promise<Result> {
  const ready: Ready[] = [];
  const firstRetries: FirstRetries = new Map();
  let undecided = messages.length;
  let begin = (): void => {};
  const allDecided = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const decided = (): void => {
    if (--undecided === 0) begin();
  };
  const one = async (message: BatchMessage, index: number): Promise<unknown> => {
    let isReady = false;
    const join = ({ idempotency }: { readonly idempotency: Idempotency }): Promise<Result> =>
      new Promise((resolve, reject) => {
        isReady = true;
        const settle: Ready['settle'] = (end) =>
          end.status === 'fulfilled' ? resolve(reply(end.value)) : reject(end.reason);
        ready.push({ index, message, idempotency, settle });
        decided();
      });
    try {
      // If two messages share a key, the second would wait for the first, and the whole batch for the second.
      const work = { ...(await workOf(message, join as Next)), running: undefined };
      return delivered(await once(work)).value;
    } catch (error) {
      const group = groupOf(message);
      if (!isReady && group && !isDone(error, context))
        firstRetries.set(group, Math.min(index, firstRetries.get(group) ?? index));
      throw error;
    } finally {
      if (!isReady) decided();
    }
  };
  const ends = Promise.allSettled(messages.map(one));
  await allDecided;
  await handled(inOrder(ready, firstRetries), context.functionName, next);
  return reply(await ends);
}

/** Whether a message whose key was not granted is done: a rejected one is, if something takes it. */
function isDone(error: unknown, { wiring, dropsRejected }: InvocationContext): boolean {
  const isRejected = isDeliverySignal(error) && error.outcome === 'reject';
  return isRejected && (wiring?.deadLetter !== undefined || dropsRejected);
}

/** By ordered group: the index of its first message that will be redelivered, as its key could not be claimed. */
type FirstRetries = Map<object, number>;

/** The messages to handle: none that is behind one of its group that will be redelivered, since it would overtake that one. */
function inOrder(ready: readonly Ready[], firstRetries: FirstRetries): readonly Ready[] {
  const first = ready.toSorted((a, b) => a.index - b.index);
  if (firstRetries.size === 0) return first;
  return first.filter(({ index, message, settle }) => {
    const isFree = index < (firstRetries.get(groupOf(message) ?? {}) ?? Number.POSITIVE_INFINITY);
    // Its key is free again for the redelivery.
    if (!isFree) settle({ status: 'rejected', reason: heldBack() });
    return isFree;
  });
}

async function handled(ready: readonly Ready[], functionName: string, next: NextWith): Promise<void> {
  if (ready.length === 0) return;
  try {
    const batch = { messages: ready.map(({ message }) => message) };
    const { value } = await next({ idempotency: ready.map(({ idempotency }) => idempotency) }, batch);
    const results = batchResults(functionName, ready.length, value);
    for (const [at, { settle }] of ready.entries()) settle(results[at] as PromiseSettledResult<unknown>);
  } catch (reason) {
    for (const { settle } of ready) settle({ status: 'rejected', reason });
  }
}
