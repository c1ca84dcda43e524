import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import * as functionsFramework from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import {
  type AnyFunction,
  beforeParsing,
  defineFunction,
  defineMiddleware,
  type HttpEvent,
  http,
  queue,
  sender,
  text,
} from '@tradewind/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { cloudEvents } from '../cloudevents/index.js';
import { gcf } from '../gcf/index.js';
import { answering } from './answering.js';
import { toRequests } from './endpoints.js';

const errors: unknown[] = [];
const log = { debug() {}, info() {}, warn() {}, error: (...line: unknown[]) => void errors.push(line) };
const define = defineFunction.logger(log);

let server: Server | undefined;
let port = 0;
const url = (path: string): string => `http://127.0.0.1:${port}${path}`;
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server?.closeAllConnections();
  server?.close();
  expect(errors.splice(0)).toEqual([]);
});

async function serve(listener: RequestListener): Promise<void> {
  came = 0;
  server = createServer(listener).on('request', () => {
    came += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
}
function send(head: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(head);
  sockets.push(socket);
  return socket;
}
let came = 0;
const arrived = async (requests: number): Promise<void> => {
  await vi.waitFor(() => expect(came).toBe(requests));
  await tick();
};
const tick = (ms = 50): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Without a content type, Google's framework leaves the body to the function. */
const HALF = 'POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhalf';

let entries = 0;
const PLATFORMS: [string, (fn: AnyFunction) => RequestListener][] = [
  ['Node', (fn) => answering([fn], new Set())],
  [
    'Google',
    (fn) => {
      entries += 1;
      gcf(functionsFramework, { ...fn, name: `f${entries}` } as never);
      return getTestServer(`f${entries}`).listeners('request')[0] as RequestListener;
    },
  ],
];

describe.each(PLATFORMS)('a client of %s that leaves', (_platform, listenerOf) => {
  /** A function with a layer that waits, and what happened to it. */
  function waiting(read: (event: HttpEvent) => unknown) {
    const said: unknown[] = [];
    let go = (): void => {};
    const fn = define('f', http({ method: 'POST', path: '/x' }))
      .use(
        beforeParsing(async (event: HttpEvent, _context, next) => {
          await new Promise<void>((resolve) => {
            go = resolve;
            said.push('waits');
          });
          try {
            await read(event);
            return await next();
          } catch (error) {
            said.push((error as { code?: unknown }).code);
            throw error;
          } finally {
            said.push('finally');
          }
        }),
      )
      .handle(() => void said.push('handled'));
    return { said, fn, go: () => go() };
  }

  test.each<[string, (event: HttpEvent) => unknown, unknown[]]>([
    ['and parsing reads it', () => undefined, ['waits', 'finally']],
    ['and a layer reads `request`', ({ request }) => request.text(), ['waits', 'bad_request', 'finally']],
    [
      'and a layer has read `request` in part',
      ({ request }) => request.body?.getReader().read(),
      ['waits', 'bad_request', 'finally'],
    ],
  ])('before its body was read, %s', async (_how, read, expected) => {
    const { said, fn, go } = waiting(read);
    await serve(listenerOf(fn));
    const client = send(HALF);
    await vi.waitFor(() => expect(said).toEqual(['waits']));
    client.destroy();
    await tick();
    go();
    await vi.waitFor(() => expect(said).toEqual(expected));
  });

  test('while its body is read, by parsing or by a layer', async () => {
    for (const read of [() => undefined, ({ request }: HttpEvent) => request.text()]) {
      const { said, fn, go } = waiting(read);
      await serve(listenerOf(fn));
      const client = send(HALF);
      await vi.waitFor(() => expect(said).toEqual(['waits']));
      go();
      await tick();
      client.destroy();
      await vi.waitFor(() => expect(said.at(-1)).toBe('finally'));
      expect(said).not.toContain('handled');
      server?.close();
    }
  });

  test('does not exhaust a pool of five', async () => {
    let free = 5;
    const pooled = defineMiddleware(async (_event, _context, next) => {
      if (free === 0) throw new Error('exhausted');
      free -= 1;
      try {
        return await next();
      } finally {
        free += 1;
      }
    });
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    let came = 0;
    const fn = define('f', http({ method: 'POST', path: '/x' }))
      .use(
        beforeParsing(async (_event: HttpEvent, _context, next) => {
          came += 1;
          await gate;
          return next();
        }),
      )
      .use(pooled)
      .handle(() => text(200, 'ok'));
    await serve(listenerOf(fn));
    const clients = Array.from({ length: 5 }, () => send(HALF));
    await vi.waitFor(() => expect(came).toBe(5));
    for (const client of clients) client.destroy();
    await tick();
    go();
    await vi.waitFor(() => expect(free).toBe(5));
    expect((await fetch(url('/x'), { method: 'POST', body: '1' })).status).toBe(200);
  });

  test('aborts both signals, and is no failure of a handler that ends because of it', async () => {
    const reasons: unknown[] = [];
    let stopped = (): void => {};
    const ended = new Promise<void>((resolve) => {
      stopped = resolve;
    });
    const fn = define('f', http({ method: 'GET', path: '/x', timeout: 60_000 })).handle(
      async ({ request }, { signal }) => {
        await Promise.all(
          [signal, request.signal].map(
            (one) =>
              new Promise<void>((resolve) =>
                one.addEventListener('abort', () => {
                  reasons.push(one.reason.code);
                  resolve();
                }),
              ),
          ),
        );
        stopped();
        throw signal.reason;
      },
    );
    await serve(listenerOf(fn));
    const client = send('GET /x HTTP/1.1\r\nhost: a\r\n\r\n');
    await arrived(1);
    client.destroy();
    await ended;
    await tick();
    expect(reasons).toEqual(['bad_request', 'bad_request']);
  });

  test('is known to a signal that is first read afterwards, and not to one of a complete response', async () => {
    let signal: AbortSignal | undefined;
    let go: (() => void) | undefined;
    const fn = define('f', http({ method: 'GET', path: '/x' })).handle(async (_event, context) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      ({ signal } = context);
      return 'ok';
    });
    await serve(listenerOf(fn));
    const client = send('GET /x HTTP/1.1\r\nhost: a\r\n\r\n');
    await vi.waitFor(() => expect(go).toBeDefined());
    client.destroy();
    await tick();
    go?.();
    await vi.waitFor(() => expect(signal?.aborted).toBe(true));
    go = undefined;
    const response = fetch(url('/x'));
    await vi.waitFor(() => expect(go).toBeDefined());
    (go as unknown as () => void)();
    expect(await (await response).json()).toBe('ok');
    await tick();
    expect(signal?.aborted).toBe(false);
  });

  test('with several requests under way aborts all of them, also those that wait for an earlier response', async () => {
    const left: string[] = [];
    const cancelled: string[] = [];
    const fn = define('f', http({ method: 'GET', path: '/:n' })).handle(async ({ params }, { signal }) => {
      signal.addEventListener('abort', () => left.push(params.n));
      if (params.n === '1') await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return new ReadableStream({ cancel: () => void cancelled.push(params.n) });
    });
    await serve(listenerOf(fn));
    const client = send(['1', '2', '3'].map((n) => `GET /${n} HTTP/1.1\r\nhost: a\r\n\r\n`).join(''));
    await arrived(3);
    client.destroy();
    await vi.waitFor(() => expect(left.toSorted()).toEqual(['1', '2', '3']));
    await vi.waitFor(() => expect(cancelled.toSorted()).toEqual(['1', '2', '3']));
  });

  test('does not stop background work', async () => {
    let done = false;
    const fn = define('f', http({ method: 'GET', path: '/x', timeout: 60_000 })).handle(async (_event, context) => {
      context.waitUntil(tick(100).then(() => void (done = true)));
      await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
    });
    await serve(listenerOf(fn));
    const client = send('GET /x HTTP/1.1\r\nhost: a\r\n\r\n');
    await arrived(1);
    client.destroy();
    await vi.waitFor(() => expect(done).toBe(true));
  });
});

test('a message goes on when its sender has left', async () => {
  let signal: AbortSignal | undefined;
  let go = (): void => {};
  const fn = define('f', queue({ queue: 'q' })).handle(async (_event, context) => {
    ({ signal } = context);
    await new Promise<void>((resolve) => {
      go = resolve;
    });
  });
  await serve(answering(toRequests([fn]), new Set()));
  const body = JSON.stringify({ message: { messageId: 'm', data: 'e30=' }, subscription: 's' });
  const client = send(
    `POST /f HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await vi.waitFor(() => expect(signal).toBeDefined());
  client.destroy();
  await tick(50);
  expect(signal?.aborted).toBe(false);
  go();
});

test('a body that something else has read is a clear error, and does not hang', async () => {
  const fn = define('f', http({ method: 'POST', path: '/x' }))
    .use(
      beforeParsing(async (_event: HttpEvent, { native }, next) => {
        const { event } = native as { event: AsyncIterable<unknown> };
        for await (const _chunk of event);
        return next();
      }),
    )
    .handle(() => 'handled');
  await serve(answering([fn], new Set()));
  const response = await fetch(url('/x'), { method: 'POST', body: 'x' });
  expect(response.status).toBe(500);
  expect(JSON.stringify(errors.splice(0))).toContain('f failed.');
});

test('a message that a function sends is sent, although the client has left', async () => {
  const posted: string[] = [];
  const receiver = createServer((message, response) => {
    posted.push(message.headers['content-type'] ?? '');
    setTimeout(() => response.writeHead(204).end(), 100);
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const orders = define('orders', queue({ queue: 'orders' })).handle(() => {});
  const to = cloudEvents(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}`);
  let sent: unknown;
  const fn = define('f', http({ method: 'GET', path: '/x', timeout: 60_000 })).handle(async (_event, context) => {
    sent = await sender(
      orders,
      to,
    )(context)
      .send(undefined as never)
      .then(() => [context.signal.aborted])
      .catch((error: unknown) => error);
  });
  await serve(answering([fn], new Set()));
  const client = send('GET /x HTTP/1.1\r\nhost: a\r\n\r\n');
  await vi.waitFor(() => expect(posted).toHaveLength(1));
  client.destroy();
  await vi.waitFor(() => expect(sent).toEqual([true]));
  receiver.close();
});
