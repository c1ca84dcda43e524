import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { AnyFunction, HttpTrigger } from '@tradewind/core';
import { misconfigured } from '@tradewind/core/adapter';
import { askFirst, hasUnread } from '../shared/node-body.js';
import { explain } from '../shared/node-leaving.js';
import { pathOf } from '../shared/node-target.js';
import { answering } from './answering.js';
import type { Settings } from './options.js';
import { SHUTTING_DOWN, Streams } from './streams.js';

/** A server that is listening. */
export interface NodeServer {
  readonly port: number;
  /**
   * Stops accepting requests, waits up to `shutdownTimeout` for running ones to finish, and closes the server. The
   * `signal` of a request whose stream is being sent aborts at once; after half of the time, such a stream is cancelled.
   */
  close(): Promise<void>;
}

/** How often Node looks for requests that take too long to arrive, in ms. Its default is 30 seconds. */
const CHECKING_INTERVAL = 1_000;

/** Starts a server for HTTP functions. */
export async function listen(functions: readonly AnyFunction[], settings: Settings): Promise<NodeServer> {
  const { port, host, health, shutdownTimeout, keepAliveTimeout, maxHeaderSize, requestTimeout, sendTimeout } =
    settings;
  const hidden = functions.find(({ trigger }) => isAt(trigger as HttpTrigger, health));
  if (hidden) {
    throw misconfigured(
      `listen(...): \`health\` must be a path without a function, but '${hidden.name}' answers GET ${health}: set another one, such as listen({ health: '/up' }).`,
    );
  }
  const background = new Set<Promise<unknown>>();
  const answers = new Set<ServerResponse>();
  /** Connections without a request so far. */
  const unused = new Set<Socket>();
  const streams = new Streams(sendTimeout);
  let isEnding = false;
  const answer = answering(functions, background, streams);
  const connectionsCheckingInterval = Math.min(CHECKING_INTERVAL, requestTimeout);
  const limits = { keepAliveTimeout, maxHeaderSize, requestTimeout, connectionsCheckingInterval };
  const server = createServer(limits, (message, response) => {
    unused.delete(message.socket);
    answers.add(response);
    response.once('close', () => {
      answers.delete(response);
      // Its headers may have been sent before the shutdown, without `connection: close`.
      if (isEnding) message.socket.end();
    });
    if (isEnding) response.setHeader('connection', 'close');
    // Only GET and HEAD: a message that is posted here must not be taken as handled.
    const isAsked = (message.method === 'GET' || message.method === 'HEAD') && pathOf(message) === health;
    // A body that a client asked to send, and that nobody will read, must not be taken for the next request.
    if (isAsked && hasUnread(message)) response.setHeader('connection', 'close');
    if (isAsked) response.writeHead(isEnding ? 503 : 200, { 'content-length': 0 }).end();
    else answer(message, response);
  });
  server.on('checkContinue', (message, response) => {
    askFirst(message, response);
    server.emit('request', message, response);
  });
  server.on('connection', (socket: Socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    process.off('SIGTERM', close).off('SIGINT', close);
    // A connection that stays open would keep the server from closing.
    for (const response of answers) if (!response.headersSent) response.setHeader('connection', 'close');
    streams.end();
    const cancelling = setTimeout(() => streams.cancel(), shutdownTimeout / 2);
    await ended(server, unused, answers, background, shutdownTimeout);
    clearTimeout(cancelling);
  };
  process.on('SIGTERM', close).on('SIGINT', close);
  return { port: (server.address() as AddressInfo).port, close };
}

/**
 * Whether a function has exactly the health path. One with a parameter there is allowed: the health check goes first.
 */
function isAt({ method, path }: HttpTrigger, health: string): boolean {
  return (method === 'GET' || method === 'HEAD') && path === health;
}

async function ended(
  server: Server,
  unused: ReadonlySet<Socket>,
  answers: ReadonlySet<ServerResponse>,
  background: ReadonlySet<Promise<unknown>>,
  timeout: number,
): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, timeout).unref());
  // Closing drops connections that Node considers idle, even if a written response is still on its way to a slow
  // client.
  const leaving = Array.from(answers).filter(({ writableEnded }) => writableEnded);
  if (leaving.length > 0)
    await Promise.race([Promise.allSettled(leaving.map((answer) => once(answer, 'close'))), late]);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // For Node these are not idle: their first request may be under way.
  for (const socket of unused) if (socket.bytesRead === 0) socket.destroy();
  await Promise.race([closed, late]);
  await Promise.race([Promise.allSettled(background), late]);
  for (const answer of answers) explain(answer, SHUTTING_DOWN);
  server.closeAllConnections();
}
