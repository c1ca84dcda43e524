import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type AnyFunction, beforeParsing, defineFunction, FunctionError, type HttpEvent, http } from '@tradewind/core';
import { fakeHttp } from '@tradewind/core/testing';
import { describe, expect, test, vi } from 'vitest';
import { gcf } from './gcf/index.js';
import { answering } from './node/answering.js';
import { onAzure } from './testing/azure.js';
import { everyPlatform } from './testing/index.js';
import { onWorkers, workersContext } from './testing/pretend.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const LIMIT = 1_024;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

type Read = (event: HttpEvent) => Promise<unknown>;

const all = async (stream: ReadableStream<Uint8Array> | null): Promise<number> => {
  let size = 0;
  const reader = stream?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) size += read.value.length;
  return size;
};

/** Every way to read a body before it is parsed. */
const READS: Readonly<Record<string, Read>> = {
  text: ({ request }) => request.text(),
  json: ({ request }) => request.json(),
  arrayBuffer: ({ request }) => request.arrayBuffer(),
  blob: ({ request }) => request.blob(),
  formData: ({ request }) => request.formData(),
  'a clone': ({ request }) => request.clone().text(),
  'a clone and the original': ({ request }) => Promise.all([request.clone().text(), request.text()]),
  'another request made from it': ({ request }) => new Request(request).text(),
  'the stream': ({ request }) => all(request.body),
  'nothing before parsing': async () => {},
};

/** Reads before parsing, and says how long what it has read is. */
function reading(read: Read, log: unknown[] = []): AnyFunction {
  const early = beforeParsing(async (event: HttpEvent, _context, next) => {
    try {
      await read(event);
    } catch (error) {
      log.push(error);
      throw error;
    }
    return next();
  });
  return defineFunction
    .logger(quiet)('f', http({ method: 'POST', path: '/f', maxBodySize: LIMIT }))
    .use(early)
    .handle(({ body }) => String(Object(body).length));
}

describe.each(Object.entries(READS))('%s', (name, read) => {
  test.each([
    ['text', 'x'.repeat(LIMIT + 1)],
    ['bytes', new Uint8Array(LIMIT + 1)],
    ['characters of several bytes', 'ü'.repeat(LIMIT / 2 + 1)],
  ])('of too much is a 413 on every platform (%s)', async (_kind, body) => {
    const log: unknown[] = [];
    const { platforms, differences } = await everyPlatform(
      reading(read, log),
      fakeHttp({ body, headers: FORM }) as never,
    );
    expect(differences).toEqual([]);
    expect(platforms.node.value).toMatchObject({
      status: 413,
      body: { code: 'content_too_large', detail: `The body is larger than ${LIMIT} bytes.` },
    });
    for (const error of log) expect(error).toBeInstanceOf(FunctionError);
    expect(log).toHaveLength(name === 'nothing before parsing' ? 0 : Object.keys(platforms).length - 1);
  });

  test('of exactly the limit is accepted, and parsed afterwards', async () => {
    const fake =
      name === 'json'
        ? { body: `"${'x'.repeat(LIMIT - 2)}"`, headers: { 'content-type': 'application/json' } }
        : { body: `a=${'x'.repeat(LIMIT - 2)}`, headers: FORM };
    const { platforms, differences } = await everyPlatform(reading(read), fakeHttp(fake) as never);
    expect(differences).toEqual([]);
    expect(platforms.node.value?.status).toBe(200);
  });
});

test('a request whose body is too large can be read but for its body', async () => {
  const fn = reading(async (event) => {
    const { request } = event;
    if (new URL(request.url).pathname !== event.path || request.headers.get('x-a') !== '1') throw new Error('unread');
  });
  const fake = fakeHttp({ path: '/f', headers: { 'x-a': '1' }, body: 'x'.repeat(LIMIT + 1) });
  const { platforms } = await everyPlatform(fn, fake as never);
  expect(platforms.lambda.value?.status).toBe(413);
  expect(platforms.node.value?.status).toBe(413);
});

describe('what has not arrived is not read', () => {
  const CHUNK = 65_536;
  /** A body without an end, and how much of it was read. */
  const endless = () => {
    const sent = { bytes: 0, isCancelled: false };
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          sent.bytes += CHUNK;
          controller.enqueue(new Uint8Array(CHUNK));
        },
        cancel() {
          sent.isCancelled = true;
        },
      },
      { highWaterMark: 0 },
    );
    return { sent, body };
  };
  const requestOf = (url: string, body: ReadableStream) =>
    new Request(url, { method: 'POST', headers: FORM, body, duplex: 'half' } as RequestInit);

  test.each(Object.entries(READS))('on Workers and Azure (%s)', async (_name, read) => {
    const workers = endless();
    const answer = await onWorkers(reading(read)).fetch(
      requestOf('https://a.example/f', workers.body),
      {},
      workersContext(),
    );
    expect((answer as Response).status).toBe(413);
    const azure = endless();
    const native = await onAzure(reading(read))(requestOf('https://a.example/api/f', azure.body));
    expect((native as { status: number }).status).toBe(413);
    expect(workers.sent.bytes).toBeLessThanOrEqual(4 * CHUNK);
    // On Azure the rest is read and dropped, as far as its host would send it.
    await vi.waitFor(() => expect(azure.sent.isCancelled).toBe(true));
    expect(azure.sent.bytes).toBeLessThanOrEqual(104_857_600 + 4 * CHUNK);
  });

  const SENT = 2 * 1_048_576;
  /** Sends the beginning of a huge body; says what was answered until the connection ended, and how much was read. */
  async function uploaded(listener: RequestListener, headers: string): Promise<{ answer: string; read: number }> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const accepted = once(server, 'connection') as Promise<[Socket]>;
      const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
      // The server closes the connection before everything is sent.
      client.on('error', () => {});
      client.write(`POST /f HTTP/1.1\r\nhost: a\r\ncontent-length: ${2 ** 40}\r\n${headers}\r\n`);
      client.write(new Uint8Array(SENT));
      let answer = '';
      client.on('data', (data) => {
        answer += data;
      });
      const [[socket]] = await Promise.all([accepted, new Promise((resolve) => client.once('close', resolve))]);
      return { answer, read: socket.bytesRead };
    } finally {
      server.close();
    }
  }

  const type = `content-type: ${FORM['content-type']}\r\n`;
  test.each(Object.entries(READS))('on Node and Google Cloud, whose connections end (%s)', async (name, read) => {
    let google: RequestListener = () => {};
    const keep = (_name: string, handler: RequestListener): void => {
      google = handler;
    };
    gcf({ http: keep, cloudEvent() {} }, reading(read) as never);
    for (const [listener, headers] of [
      [answering([reading(read)], new Set()), type],
      // Google's framework leaves a body without a content type to the function.
      [google, name === 'formData' ? type : ''],
    ] as const) {
      const { answer, read: size } = await uploaded(listener, headers);
      expect(answer).toMatch(/^HTTP\/1.1 413 /);
      expect(answer.toLowerCase()).toContain('connection: close');
      expect(size).toBeLessThan(SENT / 2);
    }
  });
});
