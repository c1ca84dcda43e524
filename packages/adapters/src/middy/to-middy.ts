import middy from '@middy/core';
import type { TradewindFunction } from '@tradewind/core';
import { lambda } from '../lambda/index.js';
import type { MiddyMiddleware } from './types.js';
import { unparsed } from './unparsed.js';

/** A Lambda handler to which middlewares of middy's are added. */
export interface MiddyHandler {
  (event: unknown, context: unknown): Promise<unknown>;
  use(middleware: MiddyMiddleware | readonly MiddyMiddleware[]): MiddyHandler;
}

/**
 * A function as a handler of middy's, for a team that goes on with its middlewares: they see Lambda's own event, and the answer as
 * it goes to Lambda. What they change of a body, one that they have parsed too, is what the function parses. It is for Lambda alone; a
 * layer of the function is for every platform, see `fromMiddy`.
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
  const changeable = async (event: unknown, context: unknown): Promise<unknown> =>
    withOwnHeaders(await handler(unparsed(event, fn.trigger.kind), context));
  return middy(changeable as never, { timeoutEarlyInMillis: 0 }) as unknown as MiddyHandler;
}

/** Answers share their headers, and middlewares add to them. */
function withOwnHeaders(answer: unknown): unknown {
  const { headers } = Object(answer) as { headers?: object };
  return headers ? { ...(answer as object), headers: { ...headers } } : answer;
}
