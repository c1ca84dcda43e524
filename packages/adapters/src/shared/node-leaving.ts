import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { FunctionError } from '@tradewind/core';

const reasons = new WeakMap<ServerResponse, string>();

/** Says why a response is about to be cut off, if it is not the client that leaves. */
export function explain(response: ServerResponse, reason: string): void {
  reasons.set(response, reason);
}

/** Cuts off a response whose rest cannot be made, to show that it is incomplete. */
export function cutOff(response: ServerResponse, reason = 'The response failed before it was complete.'): void {
  explain(response, reason);
  response.destroy();
}

/** Tells whoever works for a client that it has left. */
export class Leaving {
  readonly #controller = new AbortController();

  constructor(response: ServerResponse) {
    const left = (): void => {
      const reason = reasons.get(response) ?? 'The client left before it had the response.';
      if (!response.writableFinished) this.because(reason);
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
