/** A body that is declared too large is refused before any of it is read, and before a client that asks sends it. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { beforeParsing, defineFunction, type HttpEvent, http } from '@tradewind/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { gcf } from '../gcf/index.js';
import { onAzure } from '../testing/azure.js';
import { onWorkers, workersContext } from '../testing/pretend.js';
import { answering } from './answering.js';
import { node } from './index.js';

const define = defineFunction.logger({ debug() {}, info() {}, warn() {}, error() {} });
const trigger = http({ method: 'POST', path: '/f', maxBodySize: 10 });
const parsing = define('f', trigger).handle(({ body }) => (body as Uint8Array).length);
const early = define('f', trigger)
  .use(
    beforeParsing(async ({ request }: HttpEvent, _context, next) => {
      await request.text();
      return next();
    }),
  )
  .handle(({ body }) => (body as Uint8Array).length);

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
async function open(port: number, head: string): Promise<{ socket: Socket; seen: () => string }> {
  const socket = connect(port, '127.0.0.1');
  closers.push(() => socket.destroy());
  let answer = '';
  socket.on('error', () => {});
  socket.on('data', (data) => {
    answer += data;
  });
  socket.write(`POST /f HTTP/1.1\r\nhost: a\r\n${head}\r\n\r\n`);
  return { socket, seen: () => answer };
}
async function served(listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  closers.push(() => server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

describe.each([
  ['parsing', parsing],
  ['a layer before parsing', early],
])('too much, declared, and read by %s', (_who, fn) => {
  test('is refused on Node and Google before any of it has come', async () => {
    let google: RequestListener = () => {};
    gcf({ http: (_name: string, handler: RequestListener) => void (google = handler), cloudEvent() {} }, fn as never);
    for (const listener of [answering([fn], new Set()), google]) {
      const { socket, seen } = await open(await served(listener), 'content-length: 11');
      await once(socket, 'close');
      expect(seen()).toMatch(/^HTTP\/1.1 413 /);
      expect(seen().toLowerCase()).toContain('connection: close');
    }
  });

  test('is refused on Workers and Azure before any of it is read', async () => {
    let pulled = 0;
    const request = (url: string): Request => {
      const body = new ReadableStream(
        {
          pull(to) {
            pulled += 1;
            to.enqueue(new Uint8Array(1));
            to.close();
          },
        },
        { highWaterMark: 0 },
      );
      return new Request(url, { method: 'POST', headers: { 'content-length': '11' }, body, duplex: 'half' } as object);
    };
    const answer = await onWorkers(fn).fetch(request('https://a.example/f'), {}, workersContext());
    const native = await onAzure(fn)(request('https://a.example/api/f'));
    expect([(answer as Response).status, (native as { status: number }).status, pulled]).toEqual([413, 413, 0]);
  });

  test('is never asked for by a server of `listen`, and what is not too much is', async () => {
    const server = await node(fn as never).listen({ port: 0, host: '127.0.0.1', shutdownTimeout: 100 });
    closers.push(() => server.close());
    const large = await open(server.port, 'content-length: 11\r\nexpect: 100-continue');
    await once(large.socket, 'close');
    expect(large.seen()).toMatch(/^HTTP\/1.1 413 /);
    const small = await open(server.port, 'content-length: 10\r\nexpect: 100-continue\r\nconnection: close');
    await vi.waitFor(() => expect(small.seen()).toBe('HTTP/1.1 100 Continue\r\n\r\n'));
    small.socket.write('0123456789');
    await once(small.socket, 'close');
    expect(small.seen()).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK\r\n[\s\S]*\r\n\r\n10$/);
  });

  test('what no length is declared of is counted', async () => {
    const { socket, seen } = await open(await served(answering([fn], new Set())), 'transfer-encoding: chunked');
    socket.write('b\r\n01234567890\r\n');
    await once(socket, 'close');
    expect(seen()).toMatch(/^HTTP\/1.1 413 /);
  });
});
