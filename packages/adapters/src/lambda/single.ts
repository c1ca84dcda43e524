import type { AnyFunction } from '@tradewind/core';
import { runSingle, type SingleBinding } from '../shared/single.js';
import { invocationOf, promised } from './handlers.js';
import type { LambdaInvocation } from './invocation.js';
import type { LambdaHandler } from './types.js';

/**
 * The handler of a function that Lambda invokes asynchronously, with one event. Lambda retries a failed invocation
 * twice, and then passes the event to the function's failure destination.
 */
export function singleHandler(fn: AnyFunction, binding: SingleBinding<LambdaInvocation>): LambdaHandler {
  return promised((event, context) => runSingle(fn, binding, event, invocationOf(fn, event, context)));
}

/** Why Lambda cannot keep a delay. */
export const NO_DELAY = 'Lambda decides when it retries a failed invocation.';
