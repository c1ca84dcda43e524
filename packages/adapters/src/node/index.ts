/**
 * Runs Tradewind functions on a Node server, in a container or on a machine of its own.
 *
 * @module
 */
import type { AnyFunction } from '@tradewind/core';
import { checkFunction, deployed } from '@tradewind/core/adapter';
import type { Accept, KindOf } from '../shared/accept.js';
import { checkFunctions } from '../shared/functions.js';
import { KINDS, type NodeKind, toRequests } from './endpoints.js';
import { type NodeOptions, settingsOf } from './options.js';
import { senderCheck } from './senders.js';
import { listen, type NodeServer } from './server.js';
import type { NodeWiring } from './wiring.js';

export type { SenderCheck } from '../shared/sender-check.js';
export type { NodeOptions } from './options.js';
export type { MessagesFrom, SharedSecret } from './senders.js';
export type { NodeServer } from './server.js';
export type { NodeWiring } from './wiring.js';

/** A server that is not listening yet. */
export interface NodeApp {
  /**
   * Starts the server, which closes by itself on SIGTERM and SIGINT.
   *
   * @throws FunctionError `misconfigured` for an invalid or unknown option, a function on the health path, or messages
   * beside HTTP functions without `messages`.
   */
  listen(options?: NodeOptions): Promise<NodeServer>;
}

/**
 * Makes a server for any number of functions: HTTP functions, and functions to which messages are posted. A queue
 * function receives Pub/Sub pushes or CloudEvents, an event function CloudEvents, and a schedule the requests of Cloud
 * Scheduler. Who may post messages is said by the option `messages` of `listen`, which HTTP functions on the same server
 * make necessary.
 *
 * @throws FunctionError `misconfigured`, at start-up, for functions that cannot share a server.
 * @example
 * ```ts
 * import { node } from '@tradewind/adapters/node';
 * import { defineFunction, http } from '@tradewind/core';
 *
 * const hello = defineFunction('hello', http({ method: 'GET', path: '/hello/:name' })).handle(
 *   ({ params }) => ({ hello: params.name }),
 * );
 * await node(hello).listen();
 * ```
 */
export function node<const Functions extends readonly AnyFunction[]>(
  ...functions: { [Index in keyof Functions]: Functions[Index] & Accept<Functions[Index], NodeKind, 'Node'> }
): NodeApp {
  checkFunctions('Node', KINDS, functions);
  functions.forEach(checkFunction);
  // Checks them, and the paths at which messages are posted, before there are options.
  toRequests(functions).forEach(checkFunction);
  return {
    async listen(options = {}) {
      const settings = settingsOf(options);
      return listen(toRequests(functions, senderCheck(functions, settings.messages)), settings);
    },
  };
}

/**
 * Configures a function for the server: where its messages are posted and go, and where its environment variables come
 * from.
 */
export function on<Fn extends AnyFunction>(fn: Fn, wiring: NodeWiring<KindOf<Fn>>): Fn {
  return deployed(fn, wiring, ['path', 'webhookOrigin']);
}
