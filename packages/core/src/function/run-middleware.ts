import { describe, FunctionError } from '../errors.js';
import { andThen } from '../thenable.js';
import type { Run, Stage } from './compose.js';
import { type AnyLayer, isResult, type Next, type Result, toResult } from './middleware.js';

type Settle = (value: unknown) => unknown;
type Boxed = (...args: Parameters<Run>) => Promise<Result>;

/**
 * A run of the user's middleware as one stage. What comes from inside is boxed once, at the bottom, and unboxed once,
 * at the top: a `Result` can have `with(...)` for any value, and shows whether a middleware forgot to return it.
 *
 * @param settle - converts what a handler or a middleware gave, as the kind of trigger wants it.
 */
export function runMiddleware(name: string, middleware: readonly AnyLayer[], settle: Settle): Stage {
  const box = (value: unknown): Result => toResult(settle(value));
  const unbox = (result: unknown): unknown => {
    if (isResult(result)) return settle(result.value);
    throw new FunctionError(
      'internal',
      `A layer of '${name}' must return next() or reply(...); got ${describe(result)}.`,
    );
  };
  return (inner) => {
    const innermost: Boxed = (event, context) => {
      // What is inside may be synchronous and throw, which a middleware that calls next().catch(...) must catch too.
      try {
        return Promise.resolve(andThen(inner(event, context), box));
      } catch (error) {
        return Promise.reject(error);
      }
    };
    const outermost = middleware.reduceRight<Boxed>(
      (next, one) => (event, context) =>
        one(event, context, ((adds?: object, instead: unknown = event) =>
          next(instead, adds === undefined ? context : context.extend(adds))) as Next),
      innermost,
    );
    return (event, context) => andThen(outermost(event, context), unbox);
  };
}
