import type { RequestListener } from 'node:http';
import type { AnyFunction } from '@tradewind/core';
import { Invocation } from '@tradewind/core/adapter';
import { listening } from '../shared/node-answering.js';
import { decode } from './http.js';
import { NodeInvocation } from './invocation.js';
import { Streams } from './streams.js';

/**
 * Makes the listener that answers a server's requests.
 *
 * @param background - holds background work, for which responses do not wait, until it is done.
 * @param streams - sends the responses, and knows the streams among them.
 */
export function answering(
  functions: readonly AnyFunction[],
  background: Set<Promise<unknown>>,
  streams: Streams = new Streams(),
): RequestListener {
  const waitUntil = (work: Promise<unknown>): void => {
    background.add(work);
    work.finally(() => background.delete(work));
  };
  const encode = streams.send.bind(streams);
  return listening(
    functions,
    { decode, encode },
    (fn, request) => new NodeInvocation(new Invocation(fn, request.message, { waitUntil, request })),
  );
}
