/**
 * `lambda` for one queue function, for who counts bytes.
 *
 * @module
 */
import type { Accept, Entry } from '../shared/accept.js';
import { wire } from '../shared/functions.js';
import { queueHandler } from './handlers.js';
import type { LambdaHandler, LambdaOptions } from './types.js';

export type { LambdaContext, LambdaHandler } from './types.js';

/** The handler of a Lambda function with one queue function. */
export function lambda<const E extends Entry>(entry: E & Accept<E, 'queue', 'lambda/queue', LambdaOptions>): LambdaHandler {
  const [only] = wire<LambdaOptions['http']>('lambda/queue', ['queue'], [entry]);
  return queueHandler(only as NonNullable<typeof only>);
}
