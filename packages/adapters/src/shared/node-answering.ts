import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnyFunction } from '@tradewind/core';
import type { FinalResult, InvocationContext } from '@tradewind/core/adapter';
import { answering } from './answering.js';
import type { NodeRequestEvent } from './node-request.js';

/** Converts a request on a Node server to an event, and a result to a response. */
interface NodeBinding<Message extends IncomingMessage, Request> {
  decode(message: Message, response: ServerResponse): Request;
  encode(result: FinalResult, request: Request): Promise<void>;
}

/** Makes the listener that answers the requests of a Node server. */
export function listening<Message extends IncomingMessage, Request extends NodeRequestEvent<Message>>(
  functions: readonly AnyFunction[],
  { decode, encode }: NodeBinding<Message, Request>,
  invocationOf: (fn: AnyFunction, message: Message) => InvocationContext,
): (message: Message, response: ServerResponse) => void {
  const answer = answering(functions, encode);
  return (message, response) => {
    const answered = answer(decode(message, response), (fn) => invocationOf(fn, message));
    // A response that fails after its headers cannot be replaced. Destroying the connection shows that it is
    // incomplete.
    Promise.resolve(answered).catch(() => response.destroy());
  };
}
