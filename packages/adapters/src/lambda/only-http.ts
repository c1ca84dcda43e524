/**
 * `lambda` for one HTTP function, for who counts bytes.
 *
 * @module
 */
import type { Accept, Entry } from '../shared/accept.js';
import { wire } from '../shared/functions.js';
import { httpHandler } from './handlers.js';
import type { LambdaHandler, LambdaOptions } from './types.js';

export type { LambdaContext, LambdaHandler, LambdaOptions } from './types.js';

/** The handler of a Lambda function with one HTTP function. */
export function lambda<const E extends Entry>(entry: E & Accept<E, 'http', 'lambda/http', LambdaOptions>): LambdaHandler {
  const [only] = wire<LambdaOptions['http']>('lambda/http', ['http'], [entry]);
  return httpHandler(only as NonNullable<typeof only>);
}
