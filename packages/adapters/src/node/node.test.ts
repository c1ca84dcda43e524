import { once } from 'node:events';
import { connect } from 'node:net';
import {
  beforeParsing,
  bytes,
  cookie,
  defineFunction,
  event,
  type HttpEvent,
  http,
  json,
  reply,
} from '@tradewind/core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type NodeServer, node, on } from './index.js';

const errors: unknown[] = [];
const quiet = { debug() {}, info() {}, warn() {}, error: (...line: unknown[]) => void errors.push(line) };
const define = defineFunction.logger(quiet);
const signed = beforeParsing(async (event: HttpEvent, _context, next) => next({ raw: await event.request.text() }));
const later: (() => void)[] = [];
let background = 0;
const cancelled = vi.fn();

const FUNCTIONS = [
  define('get', http({ method: 'GET', path: '/x/:id' })).handle(({ params, query, headers, cookies }) =>
    json(
      200,
      { id: params.id, query, cookies, several: headers.get('x-several') },
      {
        cookies: [cookie('a', '1'), cookie('b', '2')],
      },
    ),
  ),
  define('post', http({ method: 'POST', path: '/x', maxBodySize: 1_000 })).handle(({ body }) =>
    body instanceof FormData ? [...body.keys()] : body instanceof Uint8Array ? { bytes: [...body] } : { body },
  ),
  define('signed', http({ method: 'POST', path: '/signed', body: z.object({ a: z.number() }), maxBodySize: 1_000 }))
    .use(signed)
    .handle(({ body }, { raw }) => [raw, body.a]),
  define('private', http({ method: 'POST', path: '/private' }))
    .use(beforeParsing(async (_event: HttpEvent, _context, _next) => reply(json(401, {}))))
    .handle(() => 1),
  define('streamed', http({ method: 'GET', path: '/streamed' })).handle(
    () => new Response(new Blob(['one ', 'two']).stream(), { headers: { 'content-type': 'text/plain' } }),
  ),
  define('endless', http({ method: 'GET', path: '/endless' })).handle(
    () =>
      new ReadableStream({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 5));
          controller.enqueue(new Uint8Array(10));
        },
        cancel: cancelled,
      }),
  ),
  define('idle', http({ method: 'GET', path: '/idle' })).handle(
    () =>
      new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(10)),
        pull: () => new Promise(() => {}),
        cancel: cancelled,
      }),
  ),
  define('late', http({ method: 'GET', path: '/late' })).handle(async () => {
    await new Promise<void>((resolve) => later.push(resolve));
    return new ReadableStream({ pull: () => new Promise(() => {}), cancel: cancelled });
  }),
  define('broken', http({ method: 'GET', path: '/broken' })).handle(() => {
    let sent = false;
    return bytes(
      200,
      new ReadableStream({
        async pull(controller) {
          if (sent) {
            await new Promise((resolve) => setTimeout(resolve, 20));
            controller.error(new Error('broke'));
          }
          sent = true;
          controller.enqueue(new Uint8Array(10));
        },
      }),
    );
  }),
  define('slow', http({ method: 'GET', path: '/slow' })).handle(async (_event, { waitUntil }) => {
    await new Promise<void>((resolve) => later.push(resolve));
    waitUntil(
      new Promise<void>((resolve) => setTimeout(resolve, 30)).then(() => {
        background += 1;
      }),
    );
    return 'slow';
  }),
] as const;

const at = (server: NodeServer, path: string, init?: RequestInit): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${path}`, init);
const listen = (): Promise<NodeServer> => node(...FUNCTIONS).listen({ port: 0, host: '127.0.0.1' });

describe('a server', () => {
  let server: NodeServer;
  beforeAll(async () => {
    server = await listen();
  });
  afterAll(() => server.close());
  const raw = (text: string): Promise<string> =>
    new Promise((resolve) => {
      let answer = '';
      const socket = connect(server.port, '127.0.0.1', () => socket.write(text));
      socket.on('data', (chunk) => {
        answer += chunk.toString();
      });
      socket.on('close', () => resolve(answer));
      socket.on('error', () => resolve(answer));
    });

  test('routes, and keeps all parts of a request and both of two cookies', async () => {
    const headers = { cookie: 'c=d', 'x-several': '1' };
    const response = await at(server, '/x/a%2Fb?q=1&q=2', { headers });
    expect(await response.json()).toEqual({ id: 'a/b', query: { q: ['1', '2'] }, cookies: { c: 'd' }, several: '1' });
    expect(response.headers.getSetCookie()).toHaveLength(2);
    expect((await at(server, '/nothing')).status).toBe(404);
    expect((await at(server, '/x/1', { method: 'DELETE' })).headers.get('allow')).toBe('GET, HEAD');
    const head = await at(server, '/x/1', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('reads every kind of body', async () => {
    const post = async (body: RequestInit['body'], type?: string): Promise<unknown> =>
      (
        await at(server, '/x', { method: 'POST', body: body ?? null, headers: type ? { 'content-type': type } : {} })
      ).json();
    expect(await post('{"a":1}', 'application/json')).toEqual({ body: { a: 1 } });
    expect(await post('a=1', 'application/x-www-form-urlencoded')).toEqual({ body: { a: '1' } });
    expect(await post('text', 'text/plain')).toEqual({ body: 'text' });
    expect(await post(new Uint8Array([1, 2]), 'application/octet-stream')).toEqual({ bytes: [1, 2] });
    const form = new FormData();
    form.set('name', 'tea');
    expect(await post(form)).toEqual(['name']);
  });

  test('answers 413 to a body that is too large, declared or not, and keeps running', async () => {
    expect((await at(server, '/x', { method: 'POST', body: 'x'.repeat(1_001) })).status).toBe(413);
    const body = new ReadableStream({
      start(controller) {
        for (let n = 0; n < 100; n++) controller.enqueue(new TextEncoder().encode('x'.repeat(1_000)));
        controller.close();
      },
    });
    expect((await at(server, '/x', { method: 'POST', body, duplex: 'half' } as RequestInit)).status).toBe(413);
    expect((await at(server, '/x/1')).status).toBe(200);
  });

  test('gives the request before parsing, and refuses without reading', { timeout: 4_000 }, async () => {
    const init = { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } };
    expect(await (await at(server, '/signed', init)).json()).toEqual(['{"a":1}', 1]);
    expect((await at(server, '/private', { method: 'POST', body: 'x'.repeat(100_000) })).status).toBe(401);
    expect((await at(server, '/x/1')).status).toBe(200);
  });

  test('streams, and breaks the connection if a stream fails', async () => {
    expect(await (await at(server, '/streamed')).text()).toBe('one two');
    const response = await at(server, '/broken');
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect((await at(server, '/x/1')).status).toBe(200);
  });

  test.each(['/endless', '/idle'])(
    'does not treat a disconnected client as a failure, and cancels its stream: %s',
    async (path) => {
      errors.length = 0;
      cancelled.mockClear();
      const uploading = connect(server.port, '127.0.0.1');
      uploading.write('POST /x HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhalf');
      await new Promise((resolve) => setTimeout(resolve, 50));
      uploading.destroy();
      const reading = connect(server.port, '127.0.0.1');
      reading.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
      await once(reading, 'data');
      reading.destroy();
      await vi.waitFor(() => expect(cancelled).toHaveBeenCalled());
      expect((await at(server, '/x/1')).status).toBe(200);
      expect(errors).toEqual([]);
    },
  );

  test('does not start a stream for a client that disconnected before the response', async () => {
    cancelled.mockClear();
    const reading = connect(server.port, '127.0.0.1');
    reading.write('GET /late HTTP/1.1\r\nhost: a\r\n\r\n');
    await vi.waitFor(() => expect(later).toHaveLength(1));
    reading.destroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
    later.shift()?.();
    await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce());
    expect(errors).toEqual([]);
  });

  test('refuses invalid HTTP, and headers that are too large', async () => {
    expect(await raw('GARBAGE\r\n\r\n')).toContain('400 Bad Request');
    expect(await raw(`GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)).toContain('431');
    expect(await raw('GET //x/1 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')).toContain('404');
    expect(await raw('OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')).toContain('404');
    expect(
      await raw('GET /x/1?__proto__=1 HTTP/1.1\r\nhost: a\r\n__proto__: x\r\nconnection: close\r\n\r\n'),
    ).toContain('200');
  });

  test('never mixes 100 overlapping requests', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => ((await (await at(server, `/x/${n}`)).json()) as { id: string }).id),
    );
    expect(answers).toEqual(Array.from({ length: 100 }, (_, n) => String(n)));
  });
});

test('a closing server finishes requests and background work, and fails its health check', async () => {
  const server = await listen();
  expect((await at(server, '/healthz')).status).toBe(200);
  const slow = at(server, '/slow');
  await vi.waitFor(() => expect(later).toHaveLength(1));
  const closed = server.close();
  await expect(at(server, '/x/1')).rejects.toThrow();
  for (const go of later) go();
  const response = await slow;
  expect([await response.json(), response.headers.get('connection')]).toEqual(['slow', 'close']);
  await closed;
  expect(background).toBe(1);
});

test('a server closes after the timeout even if work does not end', async () => {
  const server = await node(...FUNCTIONS).listen({ port: 0, host: '127.0.0.1', shutdownTimeout: 100 });
  later.length = 0;
  const slow = at(server, '/slow').catch((error: unknown) => error);
  await vi.waitFor(() => expect(later).toHaveLength(1));
  await server.close();
  expect(await slow).toBeInstanceOf(Error);
});

test('only a known sender that asks for permission gets it, and only from its function', async () => {
  const shipped = define('shipped', event({ type: 'order.shipped' })).handle(() => {});
  const app = node(on(shipped, { path: '/hooks', webhookOrigin: 'eventgrid.azure.net' }));
  const server = await app.listen({ port: 0, host: '127.0.0.1' });
  const ask = (origin: string): Promise<Response> =>
    at(server, '/hooks', { method: 'OPTIONS', headers: { 'webhook-request-origin': origin } });
  try {
    const yes = await ask('eventgrid.azure.net');
    expect([yes.status, yes.headers.get('webhook-allowed-origin')]).toEqual([200, 'eventgrid.azure.net']);
    const no = await ask('evil.example');
    expect([no.status, no.headers.get('webhook-allowed-origin')]).toEqual([405, null]);
  } finally {
    await server.close();
  }
});

describe('work in progress when the server is told to end', () => {
  // The shutdown timeout is longer than the test's timeout, so nothing here ends because of it.
  const start = (body: () => Uint8Array | ReadableStream): Promise<NodeServer> =>
    node(define('f', http({ method: 'GET', path: '/' })).handle(() => bytes(200, body()))).listen({
      port: 0,
      host: '127.0.0.1',
      shutdownTimeout: 100_000,
    });

  test('a stream continues, and its connection closes after it', async () => {
    let go = (): void => {};
    const body = (): ReadableStream =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('one '));
          go = () => {
            controller.enqueue(new TextEncoder().encode('two'));
            controller.close();
          };
        },
      });
    const server = await start(body);
    const response = await at(server, '/');
    const closed = server.close();
    go();
    expect(await response.text()).toBe('one two');
    await closed;
  });

  test('a written response that is on its way to a slow client arrives completely', async () => {
    const server = await start(() => new Uint8Array(30_000_000));
    const response = await at(server, '/');
    const closed = server.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await response.arrayBuffer()).byteLength).toBe(30_000_000);
    await closed;
  });
});

test('a function that the health check would hide is refused', async () => {
  const hidden = define('up', http({ method: 'GET', path: '/healthz' })).handle(() => 1);
  await expect(node(hidden).listen({ port: 0 })).rejects.toThrow("'up' answers GET /healthz");
  const server = await node(hidden).listen({ port: 0, host: '127.0.0.1', health: '/-/up' });
  expect((await at(server, '/healthz')).status).toBe(200);
  await server.close();
});

test.each(['abc', '70000', '-1', '80.5'])('a PORT of %s is refused', async (port) => {
  vi.stubEnv('PORT', port);
  try {
    await expect(node(FUNCTIONS[0] as never).listen()).rejects.toThrow(
      'listen(...): `port`, or the variable PORT, must be a whole number',
    );
  } finally {
    vi.unstubAllEnvs();
  }
});
