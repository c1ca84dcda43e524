import type { AnyFunction } from '@tradewind/core';
import { runSingle, type SingleBinding } from '../shared/single.js';
import { invocationOf, promised } from './handlers.js';
import type { LambdaInvocation } from './invocation.js';
import type { LambdaHandler } from './types.js';

/**
 * The handler of a function that Lambda invokes asynchronously, with one event: it invokes again what failed, twice, and
 * hands it to the function's failure destination then.
 */
export function singleHandler(fn: AnyFunction, binding: SingleBinding<LambdaInvocation>): LambdaHandler {
  return promised((event, context) => runSingle(fn, binding, event, invocationOf(fn, event, context)));
}

/** Why a delay is none. */
export const NO_DELAY = 'Lambda chooses itself when it invokes again what failed.';
