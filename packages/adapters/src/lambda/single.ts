import type { AnyFunction, SingleTrigger } from '@tradewind/core';
import { andThen, type Delivery } from '@tradewind/core/adapter';
import { settle } from '../shared/single.js';
import { invocationOf, promised } from './handlers.js';
import type { LambdaHandler } from './types.js';

/**
 * The handler of a function that Lambda invokes asynchronously, with one event: it invokes again what failed, twice, and
 * hands it to the function's failure destination then.
 */
export function singleHandler(fn: AnyFunction, decode: (event: unknown, fn: AnyFunction) => Delivery): LambdaHandler {
  const { deliver } = fn.trigger as unknown as SingleTrigger<'event', unknown, unknown>;
  return promised((event, context) => {
    const delivery = decode(event, fn);
    const invocation = invocationOf(fn, event, context);
    return andThen(deliver(fn, delivery, invocation), (settlement) => {
      const end = (): void =>
        settle(settlement, delivery.event, invocation, 'Lambda chooses itself when it invokes again what failed.');
      return invocation.open ? invocation.end().then(end) : end();
    });
  });
}
