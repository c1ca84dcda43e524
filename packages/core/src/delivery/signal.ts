import { isError } from '../errors.js';

/**
 * Thrown by a handler or a layer to decide how the delivery of a message ends. It is not a failure: policies pass it
 * on.
 */
export class DeliverySignal extends Error {
  override readonly name = 'DeliverySignal';
  readonly outcome: 'retryLater' | 'reject';
  /** For `retryLater`: the delay before the message is redelivered, in ms. */
  readonly after: number;

  constructor(outcome: 'retryLater' | 'reject', message: string, after: number, options?: ErrorOptions) {
    super(message, options);
    this.outcome = outcome;
    // Platforms accept no negative delay, and an invalid one must not lose the message. Math.max would return NaN for
    // NaN.
    this.after = Number.isNaN(Number(after)) ? 0 : Math.max(0, after);
  }
}

/**
 * Makes an error to throw: the message is redelivered, but not before `after` ms have passed. Use it if a service is
 * busy, or a lock is held.
 *
 * @param options - `after` in ms, limited by the platform's longest delay (SQS: 12 hours, Cloudflare Queues: 24). A
 * negative delay, or one that is not a number, means no delay. `cause` is logged.
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
  return new DeliverySignal('retryLater', 'The message is to be redelivered later.', after, { cause });
}

/**
 * Makes an error to throw: the message is a poison message, and no further delivery would help. It goes to the
 * dead-letter sink. Without a sink its delivery fails, so that the platform's redrive policy takes it.
 *
 * @param reason - what is wrong with the message, as a text or an error.
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

/** Whether an error is a {@link DeliverySignal}, including one from another copy of the package. */
export function isDeliverySignal(error: unknown): error is DeliverySignal {
  try {
    return (error as Partial<DeliverySignal> | undefined)?.name === 'DeliverySignal';
  } catch {
    // The value may be a proxy, or have getters that throw.
    return false;
  }
}
