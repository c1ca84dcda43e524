import { EventEmitter } from 'node:events';
import { type ClientRequest, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bytes, defineFunction, http, text } from '@tradewind/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lambdaContext } from '../testing/pretend.js';
import { lambdaStream } from './index.js';

const define = defineFunction.logger({ debug() {}, info() {}, warn() {}, error() {} });
const event = {
  version: '2.0',
  rawPath: '/',
  rawQueryString: '',
  headers: {},
  isBase64Encoded: false,
  requestContext: { http: { method: 'GET', path: '/' } },
};

/** As in Lambda's runtime, the stream is a request to the runtime's interface. */
let out: ClientRequest;
let server: Server;
beforeEach(async () => {
  server = createServer((message) => void message.resume()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  out = request({ method: 'POST', port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  // The runtime has a listener of its own.
  out.on('error', () => {});
  vi.stubGlobal('awslambda', {
    streamifyResponse: (run: (...all: unknown[]) => unknown) => (came: unknown, ctx: unknown) => run(came, out, ctx),
    HttpResponseStream: { from: (stream: unknown) => stream },
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  server.closeAllConnections();
  server.close();
});

const cancel = vi.fn();
beforeEach(() => void cancel.mockClear());
const endless = (): ReadableStream => new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(100_000)), cancel });
const idle = (): ReadableStream => new ReadableStream({ cancel });
const closed = (): Promise<void> => new Promise((resolve) => out.once('close', () => resolve()));

test.each<[string, () => ReadableStream | string]>([
  ['a text', () => 'x'],
  ['a large text', () => 'x'.repeat(10_000_000)],
  ['a stream', endless],
  ['an idle stream', idle],
])('a client that left before the answer ends the invocation: %s', async (_what, body) => {
  const fn = define('f', http({ method: 'GET', path: '/' })).handle(async () => {
    const gone = closed();
    out.destroy();
    await gone;
    const made = body();
    return typeof made === 'string' ? text(200, made) : bytes(200, made);
  });
  await lambdaStream(fn)(event, lambdaContext());
  expect(cancel).toHaveBeenCalledTimes(typeof body() === 'string' ? 0 : 1);
});

test.each<[string, () => ReadableStream | string]>([
  ['a large text', () => 'x'.repeat(50_000_000)],
  ['a stream', endless],
  ['an idle stream', idle],
])('a client that leaves during the answer ends the invocation: %s', async (_what, body) => {
  server.removeAllListeners('request');
  server.on('request', (message) => void message.pause());
  const fn = define('f', http({ method: 'GET', path: '/' })).handle(() => {
    const made = body();
    setTimeout(() => out.destroy(), 50);
    return typeof made === 'string' ? text(200, made) : bytes(200, made);
  });
  // The runtime's request fails if it is cut off.
  await expect(lambdaStream(fn)(event, lambdaContext())).rejects.toThrow('socket hang up');
});

test('an error of the stream that was not the body fails the invocation, and does not end the process', async () => {
  const stream = Object.assign(new EventEmitter(), { write: () => true, end: () => {} });
  out = stream as never;
  const fn = define('f', http({ method: 'GET', path: '/' })).handle(() => {
    setTimeout(() => stream.emit('error', new Error('broken pipe')), 10);
    return 'x';
  });
  await expect(lambdaStream(fn)(event, lambdaContext())).rejects.toThrow('broken pipe');
});
