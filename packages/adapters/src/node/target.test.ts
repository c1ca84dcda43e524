import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import * as functionsFramework from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { type AnyFunction, defineFunction, event, http, json } from '@tradewind/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gcf } from '../gcf/index.js';
import { answering } from './answering.js';
import { node } from './index.js';

/** Sends a request as text, and returns the status and the body of the answer. */
function exchange(port: number, text: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(text));
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('close', () => {
      const [, status] = /^HTTP\/1.1 (\d+)/.exec(answer) ?? [];
      resolve({ status: Number(status), body: answer.slice(answer.indexOf('\r\n\r\n') + 4) });
    });
  });
}

const HEADERS = 'connection: close\r\ncontent-length: 0\r\n\r\n';
const define = defineFunction.logger({ debug() {}, info() {}, warn() {}, error() {} });
const one = define('one', http({ method: 'GET', path: '/open/:x' })).handle(({ path, query, headers, request }) =>
  json(200, { path, query, host: headers.get('host'), url: request.url, own: request.headers.get('host') }),
);
const two = define('two', http({ method: 'GET', path: '/admin' })).handle(() => 'admin');

function onGoogle(...functions: AnyFunction[]): RequestListener {
  gcf(functionsFramework, ...(functions as [never]));
  return getTestServer('http').listeners('request')[0] as RequestListener;
}

describe.each<[string, () => RequestListener]>([
  ['Node', () => answering([one, two], new Set())],
  ['Google', () => onGoogle(one, two)],
])('the target and the host of a request on %s', (_platform, listener) => {
  let server: Server;
  let port = 0;
  beforeAll(async () => {
    server = createServer(listener());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => server.close());

  test.each([
    ['/', 'a.example/admin?'],
    ['a query', 'a.example?x'],
    ['a fragment', 'a.example#x'],
    ['a user', 'user@a.example'],
    ['a backslash', 'a.example\\admin'],
    ['a space', 'a.example b'],
    ['a scheme', 'http://a.example'],
    ['a port that is no number', 'a.example:80x'],
    ['a port that is too large', 'a.example:99999'],
    ['a port and no name', ':80'],
    ['a broken escape', 'a%zz.example'],
    ['an address that is none', '[1:2:3]'],
    ['a number that is no address', '1.2.3.999'],
    ['an open bracket', '[::1'],
    ['a list', 'a.example, b.example'],
  ])('a host with %s is refused', async (_what, host) => {
    const { status, body } = await exchange(port, `GET /open/1 HTTP/1.1\r\nhost: ${host}\r\n${HEADERS}`);
    expect([status, body]).toEqual([400, expect.stringContaining('Host')]);
    // What came is not repeated.
    expect(body).not.toContain('example');
  });

  test('two Host lines, and none, are refused', async () => {
    const twice = `GET /open/1 HTTP/1.1\r\nhost: a.example\r\nHost: a.example\r\n${HEADERS}`;
    expect((await exchange(port, twice)).status).toBe(400);
    expect((await exchange(port, twice.replace('host: a.example', 'host:'))).status).toBe(400);
    expect((await exchange(port, `GET /open/1 HTTP/1.1\r\n${HEADERS}`)).status).toBe(400);
    expect((await exchange(port, `GET /open/1 HTTP/1.0\r\n${HEADERS}`)).status).toBe(200);
  });

  test.each([
    ['a.example', 'http://a.example/open/1?q=2'],
    ['A.example:8080', 'http://a.example:8080/open/1?q=2'],
    ['127.0.0.1:80', 'http://127.0.0.1/open/1?q=2'],
    ['[::1]:8080', 'http://[::1]:8080/open/1?q=2'],
    ['', 'http://localhost/open/1?q=2'],
  ])('the host %j gives %s', async (host, url) => {
    const { body } = await exchange(port, `GET /open/1?q=2 HTTP/1.1\r\nhost: ${host}\r\n${HEADERS}`);
    expect(JSON.parse(body)).toMatchObject({ path: '/open/1', query: { q: '2' }, url });
  });

  test.each([
    ['http://h.example/open/1?q=2', '/open/1', 'http://h.example/open/1?q=2'],
    ['HTTP://h.example:81/open/1', '/open/1', 'http://h.example:81/open/1'],
    ['https://h.example/open/a%2Fb', '/open/a%2Fb', 'http://h.example/open/a%2Fb'],
  ])('the absolute target %s is accepted, and its host counts', async (target, path, url) => {
    const { status, body } = await exchange(port, `GET ${target} HTTP/1.1\r\nhost: other.example\r\n${HEADERS}`);
    expect(status).toBe(200);
    const { host } = new URL(url);
    expect(JSON.parse(body)).toMatchObject({ path, url, host, own: host });
  });

  test.each([
    'http:///open/1',
    'http://user@h.example/open/1',
    'http://h.example\\admin/open/1',
    'http://h.example:99999/open/1',
    'ftp://h.example/open/1',
    'open/1',
    '/open/1#x',
    '*',
  ])('the target %s is refused', async (target) => {
    const { status } = await exchange(port, `GET ${target} HTTP/1.1\r\nhost: a\r\n${HEADERS}`);
    expect([400, 404]).toContain(status);
  });

  test('a target without a path is the root, and OPTIONS * is no path of a function', async () => {
    for (const target of ['GET http://h.example?q=1', 'GET http://h.example', 'OPTIONS *']) {
      expect((await exchange(port, `${target} HTTP/1.1\r\nhost: a\r\n${HEADERS}`)).status).toBe(404);
    }
  });

  test('a path that a URL would resolve gives no request', async () => {
    for (const path of ['/open/..', '/open/%2e%2E', '/open/.', '/open/%2e', '/open/a\\b', '/open/\\']) {
      const { status } = await exchange(port, `GET ${path} HTTP/1.1\r\nhost: a\r\n${HEADERS}`);
      expect([path, status]).toEqual([path, 400]);
    }
    for (const path of ['/open/..a', '/open/a..', '/open/...', '/open/%2e%2e%2e', '/open/{x}']) {
      const { status, body } = await exchange(port, `GET ${path} HTTP/1.1\r\nhost: a\r\n${HEADERS}`);
      expect([path, status]).toEqual([path, 200]);
      expect(decodeURIComponent(new URL(JSON.parse(body).url).pathname)).toBe(decodeURIComponent(path));
    }
  });
});

test('the health path and posted events are found by an absolute target too', async () => {
  const seen: unknown[] = [];
  const shipped = define('shipped', event({ type: 'order.shipped' })).handle(({ id }) => void seen.push(id));
  const server = await node(shipped).listen({ port: 0, host: '127.0.0.1' });
  try {
    const asked = async (head: string): Promise<number> =>
      (await exchange(server.port, `${head} HTTP/1.1\r\nhost: a\r\n${HEADERS}`)).status;
    expect(await asked('GET http://h.example/healthz')).toBe(200);
    expect(await asked('GET /healthz?from=balancer')).toBe(200);
    expect(await asked('GET http://h.example/other')).toBe(404);
    const body = JSON.stringify({ specversion: '1.0', id: 'e-1', source: '/shop', type: 'order.shipped' });
    const post = `POST http://h.example/shipped HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/cloudevents+json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    expect((await exchange(server.port, post)).status).toBe(204);
    expect(seen).toEqual(['e-1']);
  } finally {
    await server.close();
  }
});
