import {
  type AnyEvent,
  type Context,
  type DeliverySignal,
  defineMiddleware,
  isDeliverySignal,
  type Layer,
  reject,
} from '@tradewind/core';
import { checkOptions, isError } from '@tradewind/core/adapter';
import { mustBeWhole } from './checks.js';

/** Options of {@link deadLetter}. */
export interface DeadLetterOptions {
  /** How many deliveries a message may have before it becomes a dead letter. */
  readonly deliveries: number;
}

/**
 * Turns a message's last failure into a `reject`, so that the deployment's dead-letter sink (a queue of any cloud, or
 * your own function) receives it with its error before it is acked. If the platform does not count deliveries, its own
 * redrive policy decides. Put it outside `resilience(...)`: all attempts of that belong to one delivery.
 *
 * @throws FunctionError `misconfigured` if `deliveries` is not a whole number from 1 up.
 * @example
 * ```ts
 * import { defineFunction, queue } from '@tradewind/core';
 * import { deadLetter, resilience, retry } from '@tradewind/resilience';
 *
 * export const charge = defineFunction('charge', queue({ queue: 'orders' }))
 *   .use(deadLetter({ deliveries: 5 }))
 *   .use(resilience(retry()))
 *   .handle(async ({ data }) => console.log(data));
 * ```
 */
// biome-ignore lint/complexity/noBannedTypes: adds nothing
export function deadLetter(options: DeadLetterOptions): Layer<AnyEvent, Context, {}> {
  checkOptions('deadLetter', options, ['deliveries']);
  const { deliveries } = options;
  mustBeWhole(deliveries, 'deadLetter(...): `deliveries`');
  return defineMiddleware(async (_event, { deliveryAttempt = 0 }, next) => {
    try {
      return await next();
    } catch (error) {
      // A message that asks for a later delivery has not failed: it may be running elsewhere, for example.
      if (deliveryAttempt < deliveries || isDeliverySignal(error)) throw error;
      throw rejected(error);
    }
  });
}

function rejected(error: unknown): DeliverySignal {
  try {
    if (isError(error)) return reject(error);
  } catch {
    // The error cannot be read.
  }
  return reject(new Error('The handler threw a value that is not an error.', { cause: error }));
}
