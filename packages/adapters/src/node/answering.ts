import type { RequestListener } from 'node:http';
import type { AnyFunction } from '@tradewind/core';
import { Invocation } from '@tradewind/core/adapter';
import { listening } from '../shared/node-answering.js';
import { httpBinding } from './http.js';
import { NodeInvocation } from './invocation.js';

/**
 * Makes the listener that answers a server's requests.
 *
 * @param background - holds background work, for which responses do not wait, until it is done.
 */
export function answering(functions: readonly AnyFunction[], background: Set<Promise<unknown>>): RequestListener {
  const waitUntil = (work: Promise<unknown>): void => {
    background.add(work);
    work.finally(() => background.delete(work));
  };
  return listening(
    functions,
    httpBinding,
    (fn, message) => new NodeInvocation(new Invocation(fn, message, { waitUntil })),
  );
}
