import type { RequestListener } from 'node:http';
import type { AnyFunction } from '@tradewind/core';
import { Invocation } from '@tradewind/core/adapter';
import { closing, serve } from '../shared/http.js';
import { nothingAt } from '../shared/nothing-at.js';
import { type Route, routes } from '../shared/router.js';
import { httpBinding, type NodeRequest } from './http.js';
import { NodeInvocation } from './invocation.js';

/**
 * What answers the requests of a server.
 *
 * @param background - holds the work that an answer does not wait for, until it is done.
 */
export function answering(functions: readonly AnyFunction[], background: Set<Promise<unknown>>): RequestListener {
  const [first] = functions as [AnyFunction];
  const find = functions.length > 1 ? routes(functions) : undefined;
  const close = closing<NodeRequest>(httpBinding.encode);
  const waitUntil = (work: Promise<unknown>): void => {
    background.add(work);
    work.finally(() => background.delete(work));
  };
  return (message, response) => {
    const request = httpBinding.decode(message, response);
    const { method, path } = request;
    const route: Route | undefined = find ? find(method, path) : { fn: first };
    if (!route) {
      void httpBinding.encode(nothingAt(path, method), request);
      return;
    }
    if (route.allow !== undefined) request.allow = route.allow;
    const context = new NodeInvocation(new Invocation(route.fn, message, { waitUntil }));
    // What breaks off after its head is sent cannot be answered again: the connection ends, so nobody takes it for whole.
    Promise.resolve(serve(route.fn, request, context, close)).catch(() => response.destroy());
  };
}
