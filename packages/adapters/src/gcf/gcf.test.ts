import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import * as functionsFramework from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import {
  type AnyFunction,
  cookie,
  defineFunction,
  event,
  type HttpEvent,
  http,
  json,
  queue,
  schedule,
  text,
} from '@tradewind/core';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type FunctionsFramework, gcf } from './index.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** Functions on Google's own framework; the entry point is the first one's name. */
async function serving(entry: string, ...functions: AnyFunction[]): Promise<number> {
  gcf(functionsFramework, ...(functions as []));
  const server = getTestServer(entry).listen(0, '127.0.0.1') as Server;
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
const at = (port: number, path: string, init?: RequestInit): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`, init);

describe('requests', () => {
  test('a compressed body is decompressed by the framework, and its content-encoding is hidden', async () => {
    let seen: HttpEvent | undefined;
    const fn = define('gzip', http({ method: 'POST', path: '/x', body: z.object({ a: z.number() }) })).handle((one) => {
      seen = one as unknown as HttpEvent;
      return one.body.a;
    });
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const answer = await at(await serving('gzip', fn), '/x', { method: 'POST', headers, body: gzipSync('{"a":7}') });
    expect(await answer.json()).toBe(7);
    expect(seen?.headers.has('content-encoding')).toBe(false);
    expect([...(seen?.headers ?? [])].map(([name]) => name)).not.toContain('content-encoding');
    expect(await seen?.request.json()).toEqual({ a: 7 });
  });

  test('bytes, a GET with a body, and nothing at all', async () => {
    const post = define('bytes', http({ method: 'POST', path: '/:x', maxBodySize: 10 })).handle(({ body }) =>
      body instanceof Uint8Array ? [body.constructor.name, ...body] : { body },
    );
    const get = define('get', http({ method: 'GET', path: '/:x' })).handle(({ body }) => ({ body }));
    const port = await serving('http', post, get);
    const binary = await at(port, '/x', { method: 'POST', body: new Uint8Array([255, 0]) });
    expect(await binary.json()).toEqual(['Uint8Array', 255, 0]);
    expect(await (await at(port, '/x', { method: 'POST' })).json()).toEqual({});
    expect((await at(port, '/x', { method: 'POST', body: 'longer than ten' })).status).toBe(413);
    expect((await at(port, '/x/y')).status).toBe(404);
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('GET /x HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 2\r\n\r\nhi'),
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(String(answer)).toMatch(/^HTTP\/1.1 200/);
    socket.destroy();
  });

  test('an answer declares its length, to HEAD too, and a 204 none', async () => {
    const port = await serving(
      'http',
      define('long', http({ method: 'GET', path: '/long' })).handle(() => text(200, 'é'.repeat(50_000))),
      define('gone', http({ method: 'DELETE', path: '/long' })).handle(() => {}),
    );
    for (const method of ['GET', 'HEAD']) {
      const { headers } = await at(port, '/long', { method });
      expect([headers.get('content-length'), headers.has('transfer-encoding')]).toEqual(['100000', false]);
    }
    expect((await at(port, '/long', { method: 'DELETE' })).headers.has('content-length')).toBe(false);
  });

  test('several functions are routed', async () => {
    const say = (what: string) => () => text(200, what);
    const port = await serving(
      'http',
      define('root', http({ method: 'GET', path: '/' })).handle(say('root')),
      define('new', http({ method: 'GET', path: '/orders/new' })).handle(say('new')),
      define('one', http({ method: 'GET', path: '/orders/:id' })).handle(({ params }) => text(200, params.id)),
      define('remove', http({ method: 'DELETE', path: '/orders/:id' })).handle(say('remove')),
    );
    const got = async (path: string, method = 'GET'): Promise<string> => (await at(port, path, { method })).text();
    expect(await got('/')).toBe('root');
    expect(await got('/orders/new/')).toBe('new');
    expect(await got('/orders/a%2Fb?x')).toBe('a/b');
    expect(await got('/orders/7', 'DELETE')).toBe('remove');
    expect(await got('/orders/7', 'HEAD')).toBe('');
    const refused = await at(port, '/orders/7', { method: 'PUT' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE']);
    expect((await at(port, '/orders/7', { method: 'OPTIONS' })).status).toBe(405);
  });

  test('two cookies stay separate, and a 204 has no body', async () => {
    const cookies = [
      cookie('a', 'x=1; 100%', { expires: new Date(0), maxAge: 0, domain: 'a.example', sameSite: 'None' }),
      cookie('b', ''),
    ];
    const fn = define('cookies', http({ method: 'GET', path: '/' })).handle(() => json(204, { a: 1 }, { cookies }));
    const answer = await at(await serving('cookies', fn), '/');
    expect(answer.headers.getSetCookie()).toEqual(cookies);
    expect(await answer.text()).toBe('');
  });

  test('log with their own id, among a hundred at once, and wait for background work', async () => {
    const lines: { message: string; invocationId: string; n?: string }[] = [];
    const info = vi.spyOn(console, 'info').mockImplementation((line) => void lines.push(JSON.parse(line)));
    const error = vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(JSON.parse(line)));
    const ready: (() => void)[] = [];
    const ids = new Map<string, string>();
    const fn = defineFunction('logs', http({ method: 'GET', path: '/:n' })).handle(
      async ({ params }, { log, invocationId, waitUntil }) => {
        ids.set(params.n, invocationId);
        await new Promise<void>((resolve) => ready.push(resolve));
        log.info('Here.', { n: params.n });
        waitUntil(new Promise((_, reject) => setTimeout(() => reject(new Error('background')), 5)));
      },
    );
    const port = await serving('logs', fn);
    const answers = Array.from({ length: 100 }, (_, n) => at(port, `/${n}`));
    await vi.waitFor(() => expect(ready).toHaveLength(100), 5_000);
    for (const go of ready.toReversed()) go();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(answers.map(() => 204));
    info.mockRestore();
    error.mockRestore();
    expect(new Set(ids.values()).size).toBe(100);
    const here = lines.filter(({ message }) => message === 'Here.');
    expect(here.map(({ n = '', invocationId }) => ids.get(n) === invocationId)).toEqual(answers.map(() => true));
    // Before the responses.
    expect(lines.filter(({ message }) => message === 'Background work failed.')).toHaveLength(100);
  });
});

describe('events', () => {
  test('are awaited with their background work, by a handler of one parameter', async () => {
    const handlers: ((event: unknown) => Promise<void>)[] = [];
    const framework: FunctionsFramework = { http() {}, cloudEvent: (_name, handler) => void handlers.push(handler) };
    const error = vi.fn();
    let done = 0;
    const back = (_one: unknown, { waitUntil }: { waitUntil(work: Promise<unknown>): void }): void =>
      waitUntil(
        new Promise((resolve) => setTimeout(resolve, 5)).then(() => {
          done += 1;
          throw new Error('background');
        }),
      );
    const logged = defineFunction.logger({ ...quiet, error });
    gcf(
      framework,
      logged('a', queue({ queue: 'q' })).handle(back),
      logged('b', schedule({ cron: '* * * * *' })).handle(back),
      logged('c', event({ type: 't' })).handle(back),
    );
    const type = 'google.cloud.pubsub.topic.v1.messagePublished';
    const published = { specversion: '1.0', id: '1', source: '/s', type, data: { message: { messageId: '1' } } };
    for (const [index, handler] of handlers.entries()) {
      expect(handler).toHaveLength(1);
      await handler(index === 2 ? { ...published, type: 't' } : published);
      expect(done).toBe(index + 1);
    }
    expect(error.mock.calls.map(([message]) => message)).toEqual(handlers.map(() => 'Background work failed.'));
  });
});

describe('refuses at start-up functions that cannot be registered', () => {
  const get = (name: string, path = '/'): AnyFunction =>
    define(name, http({ method: 'GET', path: path as '/' })).handle(() => 1);
  test.each([
    ['nothing', [], 'and be of kind http, queue, schedule, event; got none.'],
    ['one name twice', [get('a'), get('A', '/a')], "two functions have the name 'A'"],
    ['the name of all of them', [get('a'), get('http', '/a')], "'http' is the entry point of several HTTP functions"],
    ['one path twice', [get('a', '/:x'), get('b', '/:y')], "'a' and 'b' have the same GET path"],
    [
      'delays that nobody keeps',
      [define('q', queue({ queue: 'q', delayedRetry: true })).handle(() => {})],
      "'q' has `delayedRetry: true`, but Google Cloud cannot delay a message by itself",
    ],
    // The framework's own error.
    ['an invalid name', [get('a b')], 'Invalid function name: a b'],
  ])('%s', (_name, functions, told) => {
    expect(() => gcf(functionsFramework, ...(functions as []))).toThrow(told);
  });
});

test('an invalid framework is refused', () => {
  expect(() =>
    gcf(
      undefined as never,
      define('f', http({ method: 'GET', path: '/' })).handle(() => 1),
    ),
  ).toThrow("pass the module '@google-cloud/functions-framework'. Its `http`");
});

test('the framework, which responds with an error’s message, does not get the handler’s error message', async () => {
  const secret = new Error('secret');
  const fn = define('work', event({ type: 'order.shipped' })).handle(() => {
    throw secret;
  });
  let run: ((event: unknown) => Promise<void>) | undefined;
  gcf({ http() {}, cloudEvent: (_name, handler) => void (run = handler) }, fn);
  const thrown = await run?.({ specversion: '1.0', id: 'e', source: '/s', type: 'order.shipped' }).catch(
    (error) => error,
  );
  expect(thrown).toMatchObject({ message: 'The event was not handled: see the log for the reason.' });
  // It logs the stack, by which Google's error reporting distinguishes errors.
  expect(thrown).toHaveProperty('stack', secret.stack);
});
