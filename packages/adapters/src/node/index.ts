/**
 * Runs Tradewind functions on a server of Node's, in a container or on a machine of its own.
 *
 * @module
 */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AnyFunction, HttpTrigger } from '@tradewind/core';
import { misconfigured, mustBePositive, wired } from '@tradewind/core/adapter';
import type { Accept, KindOf } from '../shared/accept.js';
import { checkFunctions } from '../shared/functions.js';
import { answering } from './answering.js';
import { KINDS, type NodeKind, toRequests } from './endpoints.js';
import type { NodeWiring } from './wiring.js';

export type { NodeWiring } from './wiring.js';

/** How a server runs. Times in ms. */
export interface NodeOptions {
  /** Default: the variable `PORT`, or 8080, as containers have it. 0 is any free one. */
  readonly port?: number;
  /** Default: every address. */
  readonly host?: string;
  /** Where a load balancer asks (GET, HEAD) whether to send requests: 200, and 503 once the server is ending. Default: `/healthz`. */
  readonly health?: string;
  /** How long requests and background work may take to end after SIGTERM or SIGINT. Default: 10,000. */
  readonly shutdownTimeout?: number;
  /** How long a connection may be idle. Longer than the load balancer's, or it meets closed ones. Default: 65,000. */
  readonly keepAliveTimeout?: number;
  /** In bytes: of all headers of a request. Default: 16,384. */
  readonly maxHeaderSize?: number;
  /** How long a request may take to arrive. Default: 30,000. */
  readonly requestTimeout?: number;
}

/** A server that listens. */
export interface NodeServer {
  readonly port: number;
  /** Takes no more requests, lets those that there are end, within `shutdownTimeout`, and ends. */
  close(): Promise<void>;
}

/** A server to be. */
export interface NodeApp {
  /** Listens, and closes by itself on SIGTERM and SIGINT. */
  listen(options?: NodeOptions): Promise<NodeServer>;
}

/**
 * A server for any number of functions: HTTP ones, and those to which messages are posted. A queue function gets what a
 * subscription of Pub/Sub pushes, or CloudEvents; an event function CloudEvents; a schedule what Cloud Scheduler posts.
 * Nothing here checks who posts: that is for what stands before the server, as Cloud Run's own authentication does.
 *
 * @throws FunctionError `misconfigured`, at start-up, for functions that cannot share it.
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

/** A function with what it is given on the server: where its messages are posted and go, and where its
 * variables come from. */
export function on<Fn extends AnyFunction>(fn: Fn, wiring: NodeWiring<KindOf<Fn>>): Fn {
  return wired(fn, wiring);
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
    throw misconfigured(
      'The port is no whole number from 0 to 65535: it is what listen({ port }) says, or the variable PORT.',
    );
  }
  const hidden = functions.find(({ trigger }) => isAt(trigger as HttpTrigger<unknown, unknown>, health));
  if (hidden) {
    throw misconfigured(
      `'${hidden.name}' answers GET ${health}, where the server says whether it is up: give one of them another path, listen({ health: '/up' }).`,
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
      // Its head may have gone before it could say that it is the last one.
      if (isEnding) message.socket.end();
    });
    if (isEnding) response.setHeader('connection', 'close');
    // Asked for only: a message that is posted there must not be taken for handled.
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
    // A connection that stays open would keep the server from ending.
    for (const response of answers) if (!response.headersSent) response.setHeader('connection', 'close');
    await ended(server, answers, background, shutdownTimeout);
  };
  process.on('SIGTERM', close).on('SIGINT', close);
  return { port: (server.address() as AddressInfo).port, close };
}

/** A path with a parameter there only yields. */
function isAt({ method, path }: HttpTrigger<unknown, unknown>, health: string): boolean {
  return (method === 'GET' || method === 'HEAD') && path === health;
}

async function ended(
  server: Server,
  answers: ReadonlySet<ServerResponse>,
  background: ReadonlySet<Promise<unknown>>,
  timeout: number,
): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, timeout).unref());
  // To close cuts off what Node takes for idle: also an answer that is written, and still on its way to a slow client.
  const leaving = Array.from(answers).filter(({ writableEnded }) => writableEnded);
  if (leaving.length > 0)
    await Promise.race([Promise.allSettled(leaving.map((answer) => once(answer, 'close'))), late]);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await Promise.race([closed, late]);
  await Promise.race([Promise.allSettled(background), late]);
  server.closeAllConnections();
}
