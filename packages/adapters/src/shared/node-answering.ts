import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnyFunction } from '@tradewind/core';
import type { FinalResult, InvocationContext } from '@tradewind/core/adapter';
import { answering } from './answering.js';
import type { NodeRequestEvent } from './node-request.js';

/** What turns a request on a server of Node's into an event and back. */
interface NodeBinding<Message extends IncomingMessage, Request> {
  decode(message: Message, response: ServerResponse): Request;
  encode(result: FinalResult, request: Request): Promise<void>;
}

/** What answers the requests of a server of Node's. */
export function listening<Message extends IncomingMessage, Request extends NodeRequestEvent<Message>>(
  functions: readonly AnyFunction[],
  { decode, encode }: NodeBinding<Message, Request>,
  invocationOf: (fn: AnyFunction, message: Message) => InvocationContext,
): (message: Message, response: ServerResponse) => void {
  const answer = answering(functions, encode);
  return (message, response) => {
    const answered = answer(decode(message, response), (fn) => invocationOf(fn, message));
    // What breaks off after its head is sent cannot be answered again: the connection ends, so nobody takes it for whole.
    Promise.resolve(answered).catch(() => response.destroy());
  };
}
