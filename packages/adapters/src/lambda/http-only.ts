/**
 * `lambda` for one HTTP function, for who counts bytes.
 *
 * @module
 */
import type { AnyFunction } from '@tradewind/core';
import type { Accept } from '../shared/accept.js';
import { checkFunctions } from '../shared/functions.js';
import { httpHandler } from './handlers.js';
import type { LambdaHandler } from './types.js';

export type { LambdaContext, LambdaHandler } from './types.js';

/** The handler of a Lambda function with one HTTP function. */
export function lambda<const Fn extends AnyFunction>(fn: Fn & Accept<Fn, 'http', 'lambda/http'>): LambdaHandler {
  checkFunctions('lambda/http', ['http'], [fn]);
  return httpHandler(fn);
}
