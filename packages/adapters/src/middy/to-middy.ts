import middy from '@middy/core';
import type { AnyFunction } from '@tradewind/core';
import { lambda } from '../lambda/index.js';
import { checkOne } from '../shared/functions.js';
import { ofMessages } from './of-messages.js';
import { shown, unshown } from './on-lambda.js';
import type { MiddyMiddleware } from './types.js';
import { unparsed } from './unparsed.js';

/** A Lambda handler to which middy middlewares can be added. */
export interface MiddyHandler {
  (event: unknown, context: unknown): Promise<unknown>;
  use(middleware: MiddyMiddleware | readonly MiddyMiddleware[]): MiddyHandler;
}

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/**
 * Turns a function into a middy handler, for use with existing middlewares. They see Lambda's own event, and the
 * response as a handler of middy returns it. The function parses the body as they leave it, even if they have parsed it.
 * For messages, they cannot change which ones are done: Lambda gets what the function returned or threw. It works only
 * on Lambda; for middlewares on every platform see `fromMiddy`.
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
export function toMiddy(fn: AnyFunction, ...others: readonly []): MiddyHandler {
  checkOne('toMiddy', ['http', 'queue', 'schedule', 'event'], fn, others);
  const handler = lambda(fn as never) as Handler;
  const { kind } = fn.trigger;
  const read: Handler = (event, context) => handler(unparsed(event, kind), context);
  return kind === 'http'
    ? guested(
        async (event, context) => shown(await read(event, context)),
        async (guests, event, context) => unshown(await guests(event, context), event),
      )
    : guested(...ofMessages(read, kind));
}

/**
 * @param inside - what the middlewares wrap.
 * @param outside - runs the middlewares, and has the last word.
 */
function guested(
  inside: Handler,
  outside: (guests: Handler, event: unknown, context: unknown) => Promise<unknown>,
): MiddyHandler {
  const guests = middy(inside as never, { timeoutEarlyInMillis: 0 });
  const own = (event: unknown, context: unknown): Promise<unknown> =>
    outside(guests as unknown as Handler, event, context);
  const handler: MiddyHandler = Object.assign(own, {
    use(middleware: MiddyMiddleware | readonly MiddyMiddleware[]): MiddyHandler {
      guests.use(middleware as never);
      return handler;
    },
  });
  return handler;
}
