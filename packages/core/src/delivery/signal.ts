import { isError } from '../errors.js';

/**
 * What a handler or a layer throws to say how a message's delivery ends. Policies pass it on untouched: it is no failure.
 */
export class DeliverySignal extends Error {
  override readonly name = 'DeliverySignal';
  readonly outcome: 'retryLater' | 'reject';
  /** In ms, for `retryLater`: how long the message is to stay away. */
  readonly after: number;

  constructor(outcome: 'retryLater' | 'reject', message: string, after: number, options?: ErrorOptions) {
    super(message, options);
    this.outcome = outcome;
    // A platform takes no other delay, and a wrong one must not cost the message. NaN is no number to compare with.
    this.after = Number.isNaN(Number(after)) ? 0 : Math.max(0, after);
  }
}

/**
 * Thrown, it has the message come again, and not before a while: a payment service is busy, a lock is held.
 *
 * @param options - `after` in ms. A platform keeps it up to its own longest delay (SQS and Cloudflare Queues: 12 hours);
 * a negative one, or none that is a number, is no delay. `cause` is logged.
 * @example
 * ```ts
 * import { defineFunction, queue, retryLater } from '@tradewind/core';
 *
 * export const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(async () => {
 *   const response = await fetch('https://pay.example/charges', { method: 'POST' });
 *   if (response.status === 429) throw retryLater({ after: 30_000 });
 * });
 * ```
 */
export function retryLater({ after, cause }: { readonly after: number; readonly cause?: unknown }): DeliverySignal {
  return new DeliverySignal('retryLater', 'To be delivered again later.', after, { cause });
}

/**
 * Thrown, it says that no further delivery will help: the message is poison. It goes to the dead-letter sink where there
 * is one; without one its delivery fails, so that the platform's own redrive policy takes it.
 *
 * @param reason - what is wrong with it, in words or as an error.
 * @example
 * ```ts
 * import { defineFunction, queue, reject } from '@tradewind/core';
 *
 * export const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(({ data }) => {
 *   if (data === 'unknown article') throw reject('Nobody sells this.');
 * });
 * ```
 */
export function reject(reason: string | Error): DeliverySignal {
  return isError(reason)
    ? new DeliverySignal('reject', reason.message, 0, { cause: reason })
    : new DeliverySignal('reject', String(reason), 0);
}

/** Whether an error is a {@link DeliverySignal}, from this copy of the package or another one. */
export function isDeliverySignal(error: unknown): error is DeliverySignal {
  try {
    return (error as Partial<DeliverySignal> | undefined)?.name === 'DeliverySignal';
  } catch {
    // A thrown value may be a proxy, or have getters that throw.
    return false;
  }
}
