import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import {
  type AnyFunction,
  type CloudEvent,
  defineFunction,
  event,
  http,
  queue,
  reject,
  schedule,
} from '@tradewind/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answering } from './answering.js';
import { toRequests } from './endpoints.js';
import { node, on } from './index.js';

const errors: string[] = [];
const log = { debug() {}, info() {}, warn() {}, error: (message: string) => void errors.push(message) };
const define = defineFunction.logger(log);
const seen: { event: CloudEvent; attempt: number | undefined }[] = [];
const keep = (one: CloudEvent, { deliveryAttempt: attempt }: { deliveryAttempt: number | undefined }): void =>
  void seen.push({ event: one, attempt });

const charge = define('charge', queue({ queue: 'q' })).handle(keep);
const shipped = define('shipped', event({ type: 'order.shipped' })).handle(keep);
const nightly = define('nightly', schedule({ cron: '30 3 * * MON-FRI' })).handle(keep);
const hello = define('hello', http({ method: 'GET', path: '/' })).handle(() => 'hello');

const server = createServer(answering(toRequests([charge, shipped, nightly, hello]), new Set()));
let port = 0;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());
beforeEach(() => {
  seen.length = 0;
  errors.length = 0;
});

interface Answer {
  readonly status: number;
  readonly detail: string | undefined;
}
async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const sent = body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body);
  const type = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers: { ...type, ...headers }, ...(sent !== undefined && { body: sent }) };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init as RequestInit);
  const text = await response.text();
  return { status: response.status, detail: text === '' ? undefined : JSON.parse(text).detail };
}

const message = { messageId: 'm-1', data: 'eyJhIjoxfQ==' };
const push = { message, subscription: 'projects/p/subscriptions/s' };
const ce = { 'ce-specversion': '1.0', 'ce-id': 'e-1', 'ce-source': '/shop', 'ce-type': 'order.shipped' };
const structured = { specversion: '1.0', id: 'e-1', source: '/shop', type: 'order.shipped' };
const asStructured = { 'content-type': 'application/cloudevents+json' };

test.each([
  ['/charge', 'text/plain; charset=utf-8', 'string with the content type text/plain.'],
  ['/charge', 'application/octet-stream', 'bytes with the content type application/octet-stream.'],
  ['/shipped', 'text/csv', 'string with the content type text/csv.'],
  ['/shipped', 'no type; s3cret', 'bytes with no content type.'],
])('what is posted to %s as %s is described by its content type', async (path, type, came) => {
  const { status, detail } = await post(path, { a: 's3cret' }, { 'content-type': type });
  expect(status).toBe(500);
  expect(detail).toContain(`, but got ${came}`);
  expect(detail).not.toContain('s3cret');
});

test('the log line of a rejected message promises no redelivery, and that of a failed one does', async () => {
  const failing = (error: unknown) =>
    toRequests([
      define('failing', queue({ queue: 'q' })).handle(() => {
        throw error;
      }),
    ]);
  for (const [error, status, line] of [
    [reject('Nobody sells this.'), 400, "Message 'm-1': reject. It is refused, and may be redelivered."],
    [new Error('down'), 503, "Message 'm-1': retry. It will be redelivered."],
  ] as const) {
    const own = createServer(answering(failing(error), new Set())).listen(0, '127.0.0.1');
    await once(own, 'listening');
    const url = `http://127.0.0.1:${(own.address() as AddressInfo).port}/failing`;
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(push) };
    expect((await fetch(url, init)).status).toBe(status);
    expect(errors.splice(0)).toEqual([line]);
    own.close();
  }
});

describe('a push of Pub/Sub', () => {
  test.each([
    ['an id of digits', { messageId: '2070443601311540' }, { id: '2070443601311540' }],
    ['an id like a number', { messageId: '89e7073266' }, { id: '89e7073266' }],
    ['no data', { data: undefined }, { data: '' }],
    ['bare text', { data: 'ODllNzA3MzI2Ng==' }, { data: '89e7073266' }],
    ['no UTF-8', { data: '//4=' }, { data: new Uint8Array([255, 254]) }],
    ['no attributes', { attributes: null }, { extensions: {} }],
    [
      'attributes that are no texts',
      { attributes: { a: '1', b: 2, traceparent: {}, tracestate: ['x'] }, orderingKey: 7, publishTime: 8 },
      { extensions: { a: '1' }, traceparent: undefined, tracestate: undefined, time: undefined },
    ],
  ])('with %s', async (_name, more, expected) => {
    expect(await post('/charge', { ...push, message: { ...message, ...more } })).toEqual({ status: 204 });
    expect(seen[0]?.event).toMatchObject(expected);
  });

  test.each([0, -1, 1.5, '3', null])('a delivery attempt of %j is ignored', async (deliveryAttempt) => {
    await post('/charge', { ...push, deliveryAttempt });
    expect(seen[0]?.attempt).toBeUndefined();
  });

  test.each([
    ['without a message', { subscription: 's' }],
    ['without a subscription', { message }],
    ['without an id', { ...push, message: { data: '' } }],
    ['with an id that is no text', { ...push, message: { ...message, messageId: 7 } }],
    ['with data that is no base64', { ...push, message: { ...message, data: '{"a":1}' } }],
    ['with data that is no text', { ...push, message: { ...message, data: { a: 1 } } }],
    ['that is a list', [push]],
    ['that is null', null],
    ['with an invalid source', { Records: [{ eventSource: { toString: null } }] }],
    ['that is nothing', undefined],
  ])('%s is refused, and the response and the log say why', async (_name, body) => {
    const { status, detail } = await post('/charge', body);
    expect(status).toBe(500);
    expect(detail).toContain("The queue function 'charge' on Node expects a Pub/Sub push or a CloudEvent, but got ");
    expect(errors).toEqual([detail]);
    expect(seen).toEqual([]);
  });

  test('that is not JSON, is polluted, or is too large is refused', async () => {
    expect(await post('/charge', Buffer.from('{'))).toMatchObject({ status: 400 });
    expect(await post('/charge', Buffer.from('{"__proto__":{}}'))).toMatchObject({ status: 400 });
    const polluted = Buffer.from('{"__proto__":{"a":1}}').toString('base64');
    expect((await post('/charge', { ...push, message: { ...message, data: polluted } })).status).toBe(400);
    expect((await post('/charge', Buffer.alloc(14_000_001, ' '))).status).toBe(413);
    expect(seen).toEqual([]);
  });
});

describe('a CloudEvent', () => {
  test('for a queue is unchanged, even if its data looks like a push', async () => {
    await post('/charge', push, ce);
    await post('/charge', { ...structured, data: push }, asStructured);
    expect(seen.map(({ event: one }) => [one.id, one.source, one.data])).toEqual([
      ['e-1', '/shop', push],
      ['e-1', '/shop', push],
    ]);
  });

  test('has the body as its data, whatever its headers are', async () => {
    await post(
      '/shipped',
      { a: 1 },
      { ...ce, 'ce-data': 'x', 'ce-data_base64': 'AAAA', 'ce-__proto__': 'x', 'ce-tenant': '%C3%A9%' },
    );
    await post('/shipped', { a: 1 }, { ...ce, 'ce-tenant': '%C3%A9' });
    expect(seen.map(({ event: one }) => one)).toMatchObject([
      { data: { a: 1 }, extensions: { tenant: '%C3%A9%' } },
      { data: { a: 1 }, extensions: { tenant: 'é' } },
    ]);
    expect(Object.keys(seen[0]?.event.extensions ?? {})).toEqual(['tenant']);
  });

  test.each([
    ['text', 'text/plain', Buffer.from('007'), '007'],
    ['JSON', 'application/vnd.a+json; charset=utf-8', Buffer.from('[1]'), [1]],
    ['bytes', 'application/octet-stream', Buffer.from([255]), new Uint8Array([255])],
    ['nothing', 'application/json', undefined, undefined],
  ])('with %s', async (_name, type, body, data) => {
    expect(await post('/shipped', body, { ...ce, 'content-type': type })).toEqual({ status: 204 });
    expect(seen[0]?.event).toMatchObject({ datacontenttype: type, data });
  });

  test('that is compressed stays bytes', async () => {
    const body = gzipSync('{"a":1}');
    expect((await post('/shipped', body, { ...ce, 'content-encoding': 'gzip' })).status).toBe(204);
    expect(seen[0]?.event.data).toEqual(new Uint8Array(body));
  });

  test('has its own trace, or else that of the request', async () => {
    const [own, its] = [`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`];
    await post('/shipped', {}, { ...ce, traceparent: its });
    await post('/shipped', {}, { ...ce, traceparent: its, 'ce-traceparent': own });
    expect(seen.map(({ event: one }) => one.traceparent)).toEqual([its, own]);
  });

  test.each([
    ['without an id', {}, { ...ce, 'ce-id': '' }],
    ['of another type', {}, { ...ce, 'ce-type': 'order.lost' }],
    ['of another version', {}, { ...ce, 'ce-specversion': '0.3' }],
    ['that is a batch', [structured], { 'content-type': 'application/cloudevents-batch+json' }],
    [
      'that is a batch, with headers of one',
      [structured],
      { ...ce, 'content-type': 'application/cloudevents-batch+json' },
    ],
    ['that is a batch under the type of one', [structured], asStructured],
    ['that is structured without its type', structured, {}],
  ])('%s is refused', async (_name, body, headers) => {
    expect((await post('/shipped', body, headers)).detail).toContain(
      "The event function 'shipped' on Node expects CloudEvents of type 'order.shipped', but got ",
    );
    expect(seen).toEqual([]);
  });

  test('with invalid data_base64 is rejected', async () => {
    const answer = await post('/shipped', { ...structured, data_base64: '*' }, asStructured);
    expect(answer).toEqual({ status: 400, detail: 'The message was rejected.' });
    expect(seen).toEqual([]);
  });
});

describe('a schedule', () => {
  test('is due at the time from Cloud Scheduler, or else at its last time', async () => {
    await post('/nightly', undefined, { 'x-cloudscheduler-scheduletime': '2026-01-05T03:30:00Z' });
    await post('/nightly', undefined, { 'x-cloudscheduler-scheduletime': 'soon' });
    expect(seen[0]?.event.id).toBe('30 3 * * MON-FRI 2026-01-05T03:30:00.000Z');
    expect(seen[1]?.event.time).toMatch(/T03:30:00.000Z$/);
  });
});

describe('only a POST is a message', () => {
  test.each(['/charge', '/shipped', '/nightly'])('%s', async (path) => {
    for (const method of ['GET', 'HEAD', 'PUT', 'OPTIONS']) {
      const { status, headers } = await fetch(`http://127.0.0.1:${port}${path}`, { method });
      expect([status, headers.get('allow')]).toEqual([405, 'POST']);
    }
    expect(seen).toEqual([]);
  });

  test('and a POST to the path of the health check is one', async () => {
    const fn = on(charge, { path: '/healthz' });
    const running = await node(fn).listen({ port: 0, host: '127.0.0.1', shutdownTimeout: 100 });
    const at = (method: string, body?: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${running.port}/healthz`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body && { body }),
      });
    try {
      expect((await at('GET')).status).toBe(200);
      expect((await at('POST', '{}')).status).toBe(500);
      expect((await at('POST', JSON.stringify(push))).status).toBe(204);
      expect(seen).toHaveLength(1);
    } finally {
      await running.close();
    }
  });
});

describe('refuses at start-up functions that cannot share a server', () => {
  const start = (...functions: AnyFunction[]): Promise<unknown> =>
    node(...(functions as [typeof charge])).listen({ port: 0, host: '127.0.0.1' });
  test('one path twice', async () => {
    await expect(start(charge, on(shipped, { path: '/charge' }))).rejects.toThrow(
      "'charge' and 'shipped' have the same POST",
    );
  });
  test('an invalid path, delays that cannot be kept, and no functions', () => {
    expect(() => node(on(charge, { path: 'charge' }))).toThrow('each name once; got "charge".');
    const matters = define('later', queue({ queue: 'q', delayedRetry: true })).handle(() => {});
    expect(() => node(matters)).toThrow(
      "'later' has `delayedRetry: true`, but Pub/Sub cannot delay a message by itself",
    );
    expect(() => node()).toThrow('; got none.');
  });
});
