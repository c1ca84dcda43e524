import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnyFunction } from '@tradewind/core';
import type { FinalResult, InvocationContext } from '@tradewind/core/adapter';
import { closing, serve } from './http.js';
import type { NodeRequestEvent } from './node-request.js';
import { nothingAt } from './nothing-at.js';
import { routed } from './router.js';

/** What turns a request on a server of Node's into an event and back. */
interface NodeBinding<Message extends IncomingMessage, Request> {
  decode(message: Message, response: ServerResponse): Request;
  encode(result: FinalResult, request: Request): Promise<void>;
}

/** What answers the requests of a server of Node's. */
export function answering<Message extends IncomingMessage, Request extends NodeRequestEvent<Message>>(
  functions: readonly AnyFunction[],
  { decode, encode }: NodeBinding<Message, Request>,
  invocationOf: (fn: AnyFunction, message: Message) => InvocationContext,
): (message: Message, response: ServerResponse) => void {
  const find = routed(functions);
  const close = closing<Request>(encode);
  return (message, response) => {
    const request = decode(message, response);
    const fn = find(request);
    const answered = fn ? serve(fn, request, invocationOf(fn, message), close) : encode(nothingAt(request), request);
    // What breaks off after its head is sent cannot be answered again: the connection ends, so nobody takes it for whole.
    Promise.resolve(answered).catch(() => response.destroy());
  };
}
