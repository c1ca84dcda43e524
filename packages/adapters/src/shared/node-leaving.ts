import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { FunctionError } from '@tradewind/core';

/** Tells whoever works for a client that it has left. */
export class Leaving {
  readonly #controller = new AbortController();

  constructor(response: ServerResponse) {
    const left = (): void => {
      if (!response.writableFinished) this.because('The client left before it had the response.');
    };
    if (response.destroyed) left();
    else response.once('close', left);
  }
  get signal(): AbortSignal {
    return this.#controller.signal;
  }
  because(reason: string): void {
    // A bad request, because the function is not at fault if it fails for this reason.
    this.#controller.abort(new FunctionError('bad_request', reason));
  }
}

const waiting = new WeakMap<Socket, Set<ServerResponse>>();

/**
 * Makes sure that a response learns when its connection closes. Node does not tell one that waits for an earlier
 * response on the same connection.
 */
export function tellWhenClosed({ socket }: IncomingMessage, response: ServerResponse): void {
  let responses = waiting.get(socket);
  if (!responses) {
    const all = new Set<ServerResponse>();
    waiting.set(socket, all);
    socket.once('close', () => {
      for (const one of all) if (!one.socket && !one.destroyed) one.destroy().emit('close');
    });
    responses = all;
  }
  responses.add(response);
  response.once('close', () => responses.delete(response));
}
