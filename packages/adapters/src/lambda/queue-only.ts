/**
 * `lambda` for one queue function, for who counts bytes.
 *
 * @module
 */
import type { AnyFunction } from '@tradewind/core';
import type { Accept } from '../shared/accept.js';
import { checkFunctions } from '../shared/functions.js';
import { queueHandler } from './handlers.js';
import type { LambdaHandler } from './types.js';

export type { LambdaContext, LambdaHandler } from './types.js';

/** The handler of a Lambda function with one queue function. */
export function lambda<const Fn extends AnyFunction>(fn: Fn & Accept<Fn, 'queue', 'lambda/queue'>): LambdaHandler {
  checkFunctions('lambda/queue', ['queue'], [fn]);
  return queueHandler(fn);
}
