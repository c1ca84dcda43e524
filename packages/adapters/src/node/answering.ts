import type { RequestListener } from 'node:http';
import type { AnyFunction } from '@tradewind/core';
import { Invocation } from '@tradewind/core/adapter';
import { closing, serve } from '../shared/http.js';
import { nothingAt } from '../shared/nothing-at.js';
import { routed } from '../shared/router.js';
import { httpBinding, type NodeRequest } from './http.js';
import { NodeInvocation } from './invocation.js';

/**
 * What answers the requests of a server.
 *
 * @param background - holds the work that an answer does not wait for, until it is done.
 */
export function answering(functions: readonly AnyFunction[], background: Set<Promise<unknown>>): RequestListener {
  const find = routed(functions);
  const close = closing<NodeRequest>(httpBinding.encode);
  const waitUntil = (work: Promise<unknown>): void => {
    background.add(work);
    work.finally(() => background.delete(work));
  };
  return (message, response) => {
    const request = httpBinding.decode(message, response);
    const fn = find(request);
    if (!fn) {
      void httpBinding.encode(nothingAt(request), request);
      return;
    }
    const context = new NodeInvocation(new Invocation(fn, message, { waitUntil }));
    // What breaks off after its head is sent cannot be answered again: the connection ends, so nobody takes it for whole.
    Promise.resolve(serve(fn, request, context, close)).catch(() => response.destroy());
  };
}
