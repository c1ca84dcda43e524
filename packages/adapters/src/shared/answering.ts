import type { AnyFunction } from '@tradewind/core';
import type { FinalResult, HttpRequestEvent, InvocationContext } from '@tradewind/core/adapter';
import { closing, type Gather, serve } from './http.js';
import { nothingAt } from './nothing-at.js';
import { routed } from './router.js';

/**
 * Answers a request with the function for its path, or with a 404.
 *
 * @param method - what results are made for, if it is not the request's own method.
 */
export function answering<Request extends HttpRequestEvent>(
  functions: readonly AnyFunction[],
  encode: (result: FinalResult, request: Request) => unknown,
  gather?: Gather,
  method?: string,
): (request: Request, invocationOf: (fn: AnyFunction) => InvocationContext) => unknown {
  const find = routed(functions);
  const close = closing(encode, gather, method);
  return (request, invocationOf) => {
    const fn = find(request);
    return fn ? serve(fn, request, invocationOf(fn), close) : encode(nothingAt(request), request);
  };
}
