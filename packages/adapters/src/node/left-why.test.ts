/** What a function is told about a connection that ended: who ended it, and when. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { beforeParsing, defineFunction, type HttpEvent, http } from '@tradewind/core';
import { afterEach, expect, test, vi } from 'vitest';
import { node } from './index.js';
import type { NodeServer } from './server.js';

const define = defineFunction.logger({ debug() {}, info() {}, warn() {}, error() {} });
const told: string[] = [];
const idle = (): void => {};
let go = idle;
const hears = (signal: AbortSignal): void =>
  signal.addEventListener('abort', () => told.push((signal.reason as Error).message));
const FUNCTIONS = [
  define('post', http({ method: 'POST', path: '/post' }))
    .use(
      beforeParsing(async ({ request }: HttpEvent, _context, next) => {
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        await request.text().catch((error: Error) => void told.push(error.message));
        return next();
      }),
    )
    .handle(() => 1),
  define('endless', http({ method: 'GET', path: '/endless' })).handle((_event, { signal }) => {
    hears(signal);
    return new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(10_000)) });
  }),
  define('failing', http({ method: 'GET', path: '/failing' })).handle((_event, { signal }) => {
    hears(signal);
    let count = 0;
    return new ReadableStream({
      pull(to) {
        count += 1;
        if (count > 3) throw new Error('broken');
        to.enqueue(new Uint8Array(10));
      },
    });
  }),
  define('slow', http({ method: 'GET', path: '/slow' })).handle(async (_event, { signal }) => {
    hears(signal);
    await new Promise<void>((resolve) => {
      go = resolve;
    });
    return 1;
  }),
] as const;

let server: NodeServer;
let socket: Socket;
afterEach(async () => {
  told.length = 0;
  socket.destroy();
  await server.close();
});
async function send(text: string, options: object = {}): Promise<void> {
  go = idle;
  server = await node(...FUNCTIONS).listen({ port: 0, host: '127.0.0.1', shutdownTimeout: 100, ...options });
  socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(text);
}
const waits = async (): Promise<void> => {
  await vi.waitFor(() => expect(go).not.toBe(idle));
};

test.each([
  [4, 'The client left before its body was read.'],
  [5, 'The request ended before its whole body was received.'],
])('a client that leaves after 4 of %d bytes', async (length, reason) => {
  await send(`POST /post HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\nbody`);
  await waits();
  socket.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  go();
  await vi.waitFor(() => expect(told).toEqual([reason]));
});

test('a client that does not read is told apart from one that leaves', async () => {
  await send('GET /endless HTTP/1.1\r\nhost: a\r\n\r\n', { sendTimeout: 200 });
  await vi.waitFor(() => expect(told).toEqual(['The client took too long to accept the response.']), 5_000);
});

test('a client that leaves', async () => {
  await send('GET /endless HTTP/1.1\r\nhost: a\r\n\r\n');
  await once(socket, 'readable');
  socket.destroy();
  await vi.waitFor(() => expect(told).toEqual(['The client left before it had the response.']));
});

test('a response that fails', async () => {
  await send('GET /failing HTTP/1.1\r\nhost: a\r\n\r\n');
  socket.resume();
  await vi.waitFor(() => expect(told).toEqual(['The response failed before it was complete.']));
});

test('a server that ends before the response is ready', async () => {
  await send('GET /slow HTTP/1.1\r\nhost: a\r\n\r\n');
  await waits();
  await server.close();
  await vi.waitFor(() => expect(told).toEqual(['The server is shutting down.']));
  go();
});
