import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { defineFunction, empty, http, json } from '@tradewind/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type NodeOptions, type NodeServer, node } from './index.js';

const errors: unknown[] = [];
const define = defineFunction.logger({ debug() {}, info() {}, warn() {}, error: (line) => void errors.push(line) });
const cancelled = vi.fn();
const LARGE = 30_000_000;

const FUNCTIONS = [
  define('hello', http({ method: 'GET', path: '/hello' })).handle(() => json(200, 'é')),
  define('post', http({ method: 'POST', path: '/post' })).handle(({ body }) => body),
  define('large', http({ method: 'GET', path: '/large' })).handle(() => new Uint8Array(LARGE).fill(7)),
  define('long', http({ method: 'GET', path: '/long' })).handle(() => 'é'.repeat(100_000)),
  define('stream', http({ method: 'GET', path: '/stream' })).handle(
    () => new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(10_000)), cancel: cancelled }),
  ),
  define('none', http({ method: 'GET', path: '/none/:status' })).handle(({ params }) => empty(Number(params.status))),
  define('deleted', http({ method: 'DELETE', path: '/none' })).handle(() => json(204, { a: 1 })),
] as const;

let server: NodeServer;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
  expect(errors.splice(0)).toEqual([]);
});
const start = async (options: NodeOptions = {}): Promise<void> => {
  server = await node(...FUNCTIONS).listen({ port: 0, host: '127.0.0.1', shutdownTimeout: 1_000, ...options });
};
function open(text: string): Socket {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(text);
  sockets.push(socket);
  return socket;
}
const at = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${path}`, init);

describe('a request', () => {
  test('that does not arrive in time is refused soon, not at a check every 30 seconds', async () => {
    await start({ requestTimeout: 200 });
    const sent = Date.now();
    for (const text of ['GET /hello HTT', 'POST /post HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhalf']) {
      const socket = open(text);
      socket.resume();
      await once(socket, 'close');
    }
    expect(Date.now() - sent).toBeLessThan(5_000);
  });
});

describe('a client that does not read', () => {
  test.each(['/large', '/stream'])('is cut off: %s', async (path) => {
    cancelled.mockClear();
    await start({ sendTimeout: 200 });
    const socket = open(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
    socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    let size = 0;
    socket.on('data', (chunk) => {
      size += chunk.length;
    });
    socket.resume();
    await once(socket, 'close');
    expect(size).toBeLessThan(LARGE);
    expect(cancelled).toHaveBeenCalledTimes(path === '/stream' ? 1 : 0);
  });

  test('is not one that reads slowly', async () => {
    await start({ sendTimeout: 2_000 });
    const response = await at('/large');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let size = 0;
    for (let n = 0; ; n++) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (n < 75) await new Promise((resolve) => setTimeout(resolve, 40));
    }
    expect(size).toBe(LARGE);
  });
});

describe('a response declares its length', () => {
  test.each([
    ['/hello', 4],
    ['/large', LARGE],
    ['/long', 200_002],
    ['/nothing', 94],
    ['/healthz', 0],
    ['/none/200', 0],
    ['/none/205', 0],
  ])('%s', async (path, length) => {
    await start();
    const response = await at(path);
    expect(response.headers.get('content-length')).toBe(String(length));
    expect(response.headers.has('transfer-encoding')).toBe(false);
    expect((await response.arrayBuffer()).byteLength).toBe(length);
  });

  test('to HEAD as to GET, where it is known, and without a body', async () => {
    await start();
    for (const [path, length] of [
      ['/hello', '4'],
      ['/large', String(LARGE)],
      ['/none/200', null],
      ['/stream', null],
    ] as const) {
      const socket = open(`HEAD ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
      let answer = '';
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      await once(socket, 'close');
      expect(/^content-length: (\d+)/im.exec(answer)?.[1] ?? null).toBe(length);
      expect(answer.endsWith('\r\n\r\n')).toBe(true);
    }
  });

  test('but not a 204, a 304 or a stream', async () => {
    await start();
    expect((await at('/none/304')).headers.has('content-length')).toBe(false);
    expect((await at('/none/204')).headers.has('content-length')).toBe(false);
    expect((await at('/none', { method: 'DELETE' })).headers.has('content-length')).toBe(false);
    const stream = await at('/stream');
    expect(stream.headers.has('content-length')).toBe(false);
    await stream.body?.cancel();
  });
});
