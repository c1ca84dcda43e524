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

/** What {@link deadLetter} is given. */
export interface DeadLetterOptions {
  /** How many deliveries a message may have. */
  readonly deliveries: number;
}

/**
 * Gives up a message whose last delivery fails: it becomes a `reject`, so that the deployment's dead-letter sink gets it with
 * its error before it is acked: a queue of any cloud, or a function of the user's. Where the platform does not count
 * deliveries, its own redrive policy decides. Put it outside of `resilience(...)`, whose attempts are one delivery.
 *
 * @throws FunctionError `misconfigured` for no whole number from 1 up.
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
  mustBeWhole(deliveries, 'deliveries of deadLetter(...)');
  return defineMiddleware(async (_event, { deliveryAttempt = 0 }, next) => {
    try {
      return await next();
    } catch (error) {
      // A message that is to come again later has not failed: it is being done elsewhere, say.
      if (deliveryAttempt < deliveries || isDeliverySignal(error)) throw error;
      throw rejected(error);
    }
  });
}

function rejected(error: unknown): DeliverySignal {
  try {
    if (isError(error)) return reject(error);
  } catch {
    // Its message cannot be read.
  }
  return reject(new Error('The handler threw what is no error.', { cause: error }));
}
