import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { bytes, defineFunction, empty, http, json, text } from '@tradewind/core';
import { describe, expect, test } from 'vitest';
import { onGcf } from '../testing/gcf.js';
import { answering } from './answering.js';

const headers = { 'x-a': 'caf\u00e9' };
const init = { headers };
const define = defineFunction.logger({ debug() {}, info() {}, warn() {}, error() {} });
const BODIES = {
  text: () => text(200, '\u00e9', init),
  'long text': () => text(200, '\u00e9'.repeat(100_000), init),
  JSON: () => json(200, { a: '\u00e9' }, init),
  bytes: () => bytes(200, new Uint8Array([1]), init),
  'a stream': () => bytes(200, new Blob(['\u00e9']).stream(), init),
  nothing: () => empty(204, init),
};

/** The bytes of a response's head, as they arrive. */
async function headOf(listener: RequestListener, method: string): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(`${method} /f HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
    let answer = '';
    for await (const chunk of socket) answer += (chunk as Buffer).toString('latin1');
    return answer.slice(0, answer.indexOf('\r\n\r\n'));
  } finally {
    server.close();
  }
}

describe.each(Object.entries(BODIES))('a header beside a body of %s', (_body, handle) => {
  test.each(['GET', 'HEAD'])('is sent as Latin-1 to %s', async (method) => {
    const fn = define('f', http({ method: 'GET', path: '/f' })).handle(handle as never);
    for (const listener of [answering([fn], new Set()), onGcf(fn).answer]) {
      expect(await headOf(listener, method)).toMatch(/\r\nx-a: caf\xe9(?:\r\n|$)/i);
    }
  });
});
