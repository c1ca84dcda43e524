import middy from '@middy/core';
import type { TradewindFunction } from '@tradewind/core';
import { lambda } from '../lambda/index.js';
import { checkOne } from '../shared/functions.js';
import type { MiddyMiddleware } from './types.js';
import { unparsed } from './unparsed.js';

/** A Lambda handler to which middy middlewares can be added. */
export interface MiddyHandler {
  (event: unknown, context: unknown): Promise<unknown>;
  use(middleware: MiddyMiddleware | readonly MiddyMiddleware[]): MiddyHandler;
}

/**
 * Turns a function into a middy handler, for use with existing middlewares. They see Lambda's own event, and the
 * response as it is returned to Lambda. The function parses the body as they leave it, even if they have parsed it. It
 * works only on Lambda; for middlewares on every platform see `fromMiddy`.
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
export function toMiddy(
  fn: TradewindFunction<'http' | 'queue' | 'schedule' | 'event'>,
  ...others: readonly []
): MiddyHandler {
  checkOne('toMiddy', ['http', 'queue', 'schedule', 'event'], fn, others);
  const handler = lambda(fn as never) as (event: unknown, context: unknown) => Promise<unknown>;
  const changeable = async (event: unknown, context: unknown): Promise<unknown> =>
    withOwnHeaders(await handler(unparsed(event, fn.trigger.kind), context));
  return middy(changeable as never, { timeoutEarlyInMillis: 0 }) as unknown as MiddyHandler;
}

/** Copies the headers, because responses share them and middlewares add to them. */
function withOwnHeaders(answer: unknown): unknown {
  const { headers } = Object(answer) as { headers?: object };
  return headers ? { ...(answer as object), headers: { ...headers } } : answer;
}
