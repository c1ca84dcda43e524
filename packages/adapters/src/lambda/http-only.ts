/**
 * `lambda` for one HTTP function, in a smaller bundle.
 *
 * @module
 */
import type { AnyFunction } from '@tradewind/core';
import { deployed } from '@tradewind/core/adapter';
import type { Accept } from '../shared/accept.js';
import { checkOne } from '../shared/functions.js';
import { httpHandler } from './handlers.js';
import type { LambdaHandler } from './types.js';
import type { LambdaWiring } from './wiring.js';

export type { LambdaContext, LambdaHandler } from './types.js';

/** Makes the handler of a Lambda function from one HTTP function. */
export function lambda<const Fn extends AnyFunction>(
  fn: Fn & Accept<Fn, 'http', 'lambda/http'>,
  ...others: readonly []
): LambdaHandler {
  checkOne('lambda/http', ['http'], fn, others);
  return httpHandler(fn);
}

/** Configures the function for Lambda; see `on` of `@tradewind/adapters/lambda`. */
export function on<Fn extends AnyFunction>(fn: Fn, wiring: LambdaWiring<'http'>): Fn {
  return deployed(fn, wiring);
}
