/**
 * Runs middy middlewares on every platform, and turns functions into middy handlers.
 *
 * @module
 */
export type { MiddyContext } from './context.js';
export { type FromMiddy, fromMiddy } from './from-middy.js';
export { type MiddyHandler, toMiddy } from './to-middy.js';
export type { MiddyEvent, MiddyMiddleware, MiddyResponse } from './types.js';
