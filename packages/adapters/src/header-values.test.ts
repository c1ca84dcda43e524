/** The values of CloudEvents' headers, on every receiver of events in binary mode: Node, and Google's own framework. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as functionsFramework from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { type CloudEvent, defineFunction, event, queue } from '@tradewind/core';
import { memory } from '@tradewind/core/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { cloudEvents } from './cloudevents/index.js';
import { gcf, on as onGcf } from './gcf/index.js';
import { answering } from './node/answering.js';
import { toRequests } from './node/endpoints.js';
import { on } from './node/index.js';

/** https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3132-http-header-values */
const READ: readonly (readonly [string, string])[] = [
  ['plain', 'plain'],
  ['a b', 'a b'],
  ['"a b"', 'a b'],
  ['""', ''],
  ['"a \\"b\\" \\\\ \\c"', 'a "b" \\ c'],
  ['"a%20b"', 'a b'],
  ['"%22a\\""', '"a"'],
  ['%22a%22', '"a"'],
  ['a%20b', 'a b'],
  ['a%2520b', 'a%20b'],
  ['%61%62', 'ab'],
  ['Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro \u20ac \u{1f600}'],
  ['euro%20%e2%82%ac', 'euro \u20ac'],
  ['caf%C3%A9', 'caf\u00e9'],
  ['a+b', 'a+b'],
  ['(a comment)', '(a comment)'],
  ['a "b" c', 'a "b" c'],
  ['"a', '"a'],
  ['a"', 'a"'],
  ['"', '"'],
  ['"a" "b"', '"a" "b"'],
  ['"a\\"', '"a\\"'],
  ['100%', '100%'],
  ['%zz', '%zz'],
  ['%C3%A9%', '%C3%A9%'],
];
/** Escapes of bytes that are not UTF-8: overlong, a lone continuation, half a character, half a surrogate pair. */
const REFUSED = ['%C0%A0', '%FF', '%80', '%E2%82', 'a%E2%82b', '%ED%A0%80', '%F4%90%80%80', '"%C0%A0"', '%C0%A0%'];

const define = defineFunction.logger({ debug() {}, info() {}, warn() {}, error() {} });
const seen: CloudEvent[] = [];
const dead = memory();
const keep = (one: CloudEvent): void => void seen.push(one);
const shipped = define('shipped', event({ type: 'shipped' })).handle(keep);
const sunk = define('sunk', event({ type: 'shipped' })).handle(keep);
const charge = define('charge', queue({ queue: 'orders' })).handle(keep);
const EVENT = { 'ce-specversion': '1.0', 'ce-id': 'e-1', 'ce-source': '/shop', 'ce-type': 'shipped' };

const ports = new Map<string, number>();
const servers: Server[] = [];
async function serve(name: string, server: Server): Promise<void> {
  servers.push(server);
  if (!server.listening) await once(server, 'listening');
  ports.set(name, (server.address() as AddressInfo).port);
}
// Google's framework writes every error to the console.
vi.spyOn(console, 'error').mockImplementation(() => {});

beforeAll(async () => {
  const requests = toRequests([shipped, charge, on(sunk, { deadLetter: dead })]);
  await serve('Node', createServer(answering(requests, new Set())).listen(0, '127.0.0.1'));
  gcf(functionsFramework, shipped, onGcf(sunk, { deadLetter: dead }));
  await serve('Google', getTestServer('shipped').listen(0, '127.0.0.1') as Server);
  await serve('Google, with a sink', getTestServer('sunk').listen(0, '127.0.0.1') as Server);
});
afterEach(() => {
  seen.length = 0;
});
afterAll(() => {
  for (const server of servers) server.close();
});

async function post(platform: string, path: string, headers: object, body?: unknown): Promise<number> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
  return (await fetch(`http://127.0.0.1:${ports.get(platform)}${path}`, init as RequestInit)).status;
}

describe.each(['Node', 'Google'])('on %s', (platform) => {
  test.each(READ)('%s is read as %j', async (value, read) => {
    expect(await post(platform, '/shipped', { ...EVENT, 'ce-subject': value, 'ce-extra': value }, { a: 1 })).toBe(204);
    expect(seen[0]).toMatchObject({ id: 'e-1', subject: read, extensions: { extra: read }, data: { a: 1 } });
  });

  test.each(REFUSED)('%s is refused', async (value) => {
    for (const name of ['ce-subject', 'ce-extra', 'ce-id', 'ce-source']) {
      expect(await post(platform, '/shipped', { ...EVENT, [name]: value }, {})).toBeGreaterThanOrEqual(400);
    }
    expect(seen).toEqual([]);
  });

  test('every attribute is decoded once, the id and the source too', async () => {
    await post(platform, '/shipped', { ...EVENT, 'ce-id': '"a%25 b"', 'ce-source': '/s%2520', 'ce-type': 'ship%70ed' });
    expect(seen[0]).toMatchObject({ id: 'a% b', source: '/s%20', type: 'shipped' });
  });

  test('in structured mode no attribute is decoded', async () => {
    const structured = { specversion: '1.0', id: 'a%20b', source: '/shop', type: 'shipped', subject: '"%FF"' };
    const type = { 'content-type': 'application/cloudevents+json' };
    await post(platform, '/shipped', type, { ...structured, datacontenttype: 'application/json', data: {} });
    expect(seen[0]).toMatchObject({ id: 'a%20b', subject: '"%FF"' });
  });
});

test('a queue on Node refuses what an event does', async () => {
  expect(await post('Node', '/charge', { ...EVENT, 'ce-subject': '%C0%A0' }, {})).toBe(400);
  expect(await post('Node', '/charge', { ...EVENT, 'ce-subject': '"a b"' }, {})).toBe(204);
  expect(seen.map(({ subject }) => subject)).toEqual(['a b']);
});

test.each(['Node', 'Google, with a sink'])(
  'on %s an event that is refused goes to the sink, as it arrived',
  async (platform) => {
    expect(await post(platform, '/sunk', { ...EVENT, 'ce-subject': '%C0%A0' }, { a: 1 })).toBe(204);
    expect(dead.sent.slice(-1).map(({ event: { data } }) => data)).toMatchObject([
      { event: { id: 'e-1', subject: '%C0%A0', data: { a: 1 } } },
    ]);
  },
);

test('what a sender sends in structured mode arrives, whatever its attributes are', async () => {
  const send = cloudEvents(`http://127.0.0.1:${ports.get('Node')}/shipped`);
  const subjects = READ.flat();
  for (const subject of subjects) {
    const sent = { id: subject || 'e', source: '/shop', type: 'shipped', subject, extensions: {}, data: {} };
    await send.send(sent, {}, { signal: new AbortController().signal } as never);
  }
  expect(seen.map(({ subject }) => subject)).toEqual(subjects);
  expect(seen.map(({ id }) => id)).toEqual(subjects.map((subject) => subject || 'e'));
});
