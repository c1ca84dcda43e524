import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AnyFunction, isFunctionError, problem } from '@tradewind/core';
import type { FinalResult, InvocationContext } from '@tradewind/core/adapter';
import { answering } from './answering.js';
import { cutOff, tellWhenClosed } from './node-leaving.js';
import type { NodeRequestEvent } from './node-request.js';
import { writeAnswer } from './node-send.js';

/** Converts a request on a Node server to an event, and a result to a response. */
export interface NodeBinding<Message extends IncomingMessage, Request> {
  /** @throws FunctionError for a request without a valid target or host. */
  decode(message: Message, response: ServerResponse): Request;
  encode(result: FinalResult, request: Request): Promise<void>;
}

/** Makes the listener that answers the requests of a Node server. */
export function listening<Message extends IncomingMessage, Request extends NodeRequestEvent<Message>>(
  functions: readonly AnyFunction[],
  { decode, encode }: NodeBinding<Message, Request>,
  invocationOf: (fn: AnyFunction, request: Request) => InvocationContext,
): (message: Message, response: ServerResponse) => void {
  // As for GET, because Node leaves out the body of a response to HEAD itself, and its length is declared.
  const answer = answering(functions, encode, undefined, 'GET');
  return (message, response) => {
    tellWhenClosed(message, response);
    let answered: unknown;
    try {
      const request = decode(message, response);
      answered = answer(request, (fn) => invocationOf(fn, request));
    } catch (error) {
      answered = refused(error, response);
    }
    // A response that fails after its headers cannot be replaced.
    Promise.resolve(answered).catch(() => cutOff(response));
  };
}

/** Answers a request that no function can see. */
function refused(error: unknown, response: ServerResponse): Promise<void> {
  if (!isFunctionError(error)) return Promise.reject(error);
  const { body, ...result } = problem(400, { detail: error.message }, { headers: { connection: 'close' } });
  return writeAnswer({ ...result, body: JSON.stringify(body) }, { response, method: response.req.method ?? 'GET' });
}
