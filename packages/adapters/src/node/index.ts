/**
 * Runs Tradewind functions on a Node server, in a container or on a machine of its own.
 *
 * @module
 */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnyFunction, HttpTrigger } from '@tradewind/core';
import { deployed, misconfigured, mustBePositive } from '@tradewind/core/adapter';
import type { Accept, KindOf } from '../shared/accept.js';
import { checkFunctions } from '../shared/functions.js';
import { answering } from './answering.js';
import { KINDS, type NodeKind, toRequests } from './endpoints.js';
import type { NodeWiring } from './wiring.js';

export type { NodeWiring } from './wiring.js';

/** The options of {@link NodeApp.listen}. Times are in ms. */
export interface NodeOptions {
  /** Default: the environment variable `PORT`, or 8080. 0 picks any free port. */
  readonly port?: number;
  /** The address to listen on. Default: every address. */
  readonly host?: string;
  /** The path of the health check (GET, HEAD): 200, or 503 once the server is shutting down. Default: `/healthz`. */
  readonly health?: string;
  /** How long requests and background work may take to finish after SIGTERM or SIGINT. Default: 10,000. */
  readonly shutdownTimeout?: number;
  /** How long a connection may be idle. Must exceed the load balancer's idle timeout, or requests fail. Default: 65,000. */
  readonly keepAliveTimeout?: number;
  /** In bytes: the largest size of all headers of a request together. Default: 16,384. */
  readonly maxHeaderSize?: number;
  /** How long a request may take to arrive. Default: 30,000. */
  readonly requestTimeout?: number;
}

/** A server that is listening. */
export interface NodeServer {
  readonly port: number;
  /** Stops accepting requests, waits up to `shutdownTimeout` for running ones to finish, and closes the server. */
  close(): Promise<void>;
}

/** A server that is not listening yet. */
export interface NodeApp {
  /**
   * Starts the server, which closes by itself on SIGTERM and SIGINT.
   *
   * @throws FunctionError `misconfigured` for an invalid port or `shutdownTimeout`, or a function on the health path.
   */
  listen(options?: NodeOptions): Promise<NodeServer>;
}

/**
 * Makes a server for any number of functions: HTTP functions, and functions to which messages are posted. A queue
 * function receives Pub/Sub pushes or CloudEvents, an event function CloudEvents, and a schedule the requests of Cloud
 * Scheduler. The server does not authenticate callers: use something in front of it, for example Cloud Run's own
 * authentication.
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
  ...functions: Functions & { [Index in keyof Functions]: Accept<Functions[Index], NodeKind, 'Node'> }
): NodeApp {
  checkFunctions('Node', KINDS, functions);
  const answered = toRequests(functions);
  return { listen: (options = {}) => listen(answered, options) };
}

/**
 * Configures a function for the server: where its messages are posted and go, and where its environment variables come
 * from.
 */
export function on<Fn extends AnyFunction>(fn: Fn, wiring: NodeWiring<KindOf<Fn>>): Fn {
  return deployed(fn, wiring, ['path', 'webhookOrigin']);
}

async function listen(functions: readonly AnyFunction[], options: NodeOptions): Promise<NodeServer> {
  const {
    port = Number(process.env.PORT || 8_080),
    host,
    health = '/healthz',
    shutdownTimeout = 10_000,
    keepAliveTimeout = 65_000,
    maxHeaderSize = 16_384,
    requestTimeout = 30_000,
  } = options;
  mustBePositive(shutdownTimeout, 'shutdownTimeout');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw misconfigured('listen(...): `port`, or the variable PORT, must be a whole number from 0 to 65535.');
  }
  const hidden = functions.find(({ trigger }) => isAt(trigger as HttpTrigger<unknown, unknown>, health));
  if (hidden) {
    throw misconfigured(
      `listen(...): \`health\` must be a path without a function, but '${hidden.name}' answers GET ${health}: set another one, such as listen({ health: '/up' }).`,
    );
  }
  const background = new Set<Promise<unknown>>();
  const answers = new Set<ServerResponse>();
  let isEnding = false;
  const answer = answering(functions, background);
  const server = createServer({ keepAliveTimeout, maxHeaderSize, requestTimeout }, (message, response) => {
    answers.add(response);
    response.once('close', () => {
      answers.delete(response);
      // Its headers may have been sent before the shutdown, without `connection: close`.
      if (isEnding) message.socket.end();
    });
    if (isEnding) response.setHeader('connection', 'close');
    // Only GET and HEAD: a message that is posted here must not be taken as handled.
    const isAsked = message.url === health && (message.method === 'GET' || message.method === 'HEAD');
    if (isAsked) response.writeHead(isEnding ? 503 : 200).end();
    else answer(message, response);
  });
  server.listen(port, host);
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    process.off('SIGTERM', close).off('SIGINT', close);
    // A connection that stays open would keep the server from closing.
    for (const response of answers) if (!response.headersSent) response.setHeader('connection', 'close');
    await ended(server, answers, background, shutdownTimeout);
  };
  process.on('SIGTERM', close).on('SIGINT', close);
  return { port: (server.address() as AddressInfo).port, close };
}

/**
 * Whether a function has exactly the health path. One with a parameter there is allowed: the health check goes first.
 */
function isAt({ method, path }: HttpTrigger<unknown, unknown>, health: string): boolean {
  return (method === 'GET' || method === 'HEAD') && path === health;
}

async function ended(
  server: Server,
  answers: ReadonlySet<ServerResponse>,
  background: ReadonlySet<Promise<unknown>>,
  timeout: number,
): Promise<void> {
  // A longer timer overflows its 32 bits and fires at once.
  const late = new Promise<void>((resolve) => setTimeout(resolve, Math.min(timeout, 2 ** 31 - 1)).unref());
  // Closing drops connections that Node considers idle, even if a written response is still on its way to a slow
  // client.
  const leaving = Array.from(answers).filter(({ writableEnded }) => writableEnded);
  if (leaving.length > 0)
    await Promise.race([Promise.allSettled(leaving.map((answer) => once(answer, 'close'))), late]);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await Promise.race([closed, late]);
  await Promise.race([Promise.allSettled(background), late]);
  server.closeAllConnections();
}
