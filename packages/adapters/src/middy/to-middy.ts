import middy from '@middy/core';
import type { TradewindFunction } from '@tradewind/core';
import { lambda } from '../lambda/index.js';
import type { MiddyMiddleware } from './types.js';

/** A Lambda handler to which middlewares of middy's are added. */
export interface MiddyHandler {
  (event: unknown, context: unknown): Promise<unknown>;
  use(middleware: MiddyMiddleware | readonly MiddyMiddleware[]): MiddyHandler;
}

/**
 * A function as a handler of middy's, for a team that goes on with its middlewares: they see Lambda's own event, and the answer as
 * it goes to Lambda. It is for Lambda alone; a layer of the function is for every platform, see `fromMiddy`.
 *
 * @example
 * ```ts
 * import { toMiddy } from '@tradewind/adapters/middy';
 * import { defineFunction, queue } from '@tradewind/core';
 * import inputOutputLogger from '@middy/input-output-logger';
 *
 * const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(() => {});
 * export const handler = toMiddy(charge).use(inputOutputLogger());
 * ```
 */
export function toMiddy(fn: TradewindFunction<'http' | 'queue' | 'schedule' | 'event'>): MiddyHandler {
  const handler = lambda(fn as never) as (event: unknown, context: unknown) => Promise<unknown>;
  return middy(((event: unknown, context: unknown) => handler(event, context)) as never, {
    timeoutEarlyInMillis: 0,
  }) as unknown as MiddyHandler;
}
