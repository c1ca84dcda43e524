import { once } from 'node:events';
import { connect } from 'node:net';
import { defineFunction, http } from '@tradewind/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type NodeServer, node } from './index.js';

const errors: unknown[] = [];
const define = defineFunction.logger({ debug() {}, info() {}, warn() {}, error: (line) => void errors.push(line) });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
afterEach(() => expect(errors.splice(0)).toEqual([]));

const listen = (fn: ReturnType<typeof streaming>, shutdownTimeout: number): Promise<NodeServer> =>
  node(fn).listen({ port: 0, host: '127.0.0.1', shutdownTimeout });
const at = (server: NodeServer): Promise<Response> => fetch(`http://127.0.0.1:${server.port}/`);

function streaming(stream: (signal: AbortSignal) => ReadableStream | Promise<ReadableStream>) {
  return define('f', http({ method: 'GET', path: '/' })).handle((_event, { signal }) => stream(signal));
}

describe('a stream that is open when the server is told to end', () => {
  test('hears of it by its signal, and can end in order', async () => {
    const reasons: unknown[] = [];
    const fn = streaming(
      (signal) =>
        new ReadableStream({
          start(controller) {
            controller.enqueue(bytes('hello '));
            signal.addEventListener('abort', () => {
              reasons.push(signal.reason.message);
              controller.enqueue(bytes('bye'));
              controller.close();
            });
          },
        }),
    );
    // Longer than the test may take.
    const server = await listen(fn, 100_000);
    const response = await at(server);
    const closed = server.close();
    expect(await response.text()).toBe('hello bye');
    await closed;
    expect(reasons).toEqual(['The server is shutting down.']);
  });

  test('and does not listen is cancelled after half of the time', async () => {
    const cancel = vi.fn();
    const stream = (): ReadableStream => new ReadableStream({ start: (to) => to.enqueue(bytes('x')), cancel });
    const server = await listen(streaming(stream), 100_000);
    const response = await at(server);
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      const closed = server.close();
      vi.advanceTimersByTime(49_000);
      expect(cancel).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1_000);
      await expect(response.text()).rejects.toThrow();
      await closed;
      expect(cancel).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });

  test('or starts after that, hears of it too', async () => {
    let go: (() => void) | undefined;
    const fn = streaming(async (signal) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      return new ReadableStream({
        start(controller) {
          controller.enqueue(bytes('late'));
          signal.addEventListener('abort', () => controller.close());
        },
      });
    });
    const server = await listen(fn, 100_000);
    const response = at(server);
    await vi.waitFor(() => expect(go).toBeDefined());
    const closed = server.close();
    go?.();
    expect(await (await response).text()).toBe('late');
    await closed;
  });
});

test('a request that is not answered yet goes on, and its signal does not abort', async () => {
  let signal: AbortSignal | undefined;
  let go = (): void => {};
  const plain = define('f', http({ method: 'GET', path: '/' })).handle(async (_event, context) => {
    ({ signal } = context);
    await new Promise<void>((resolve) => {
      go = resolve;
    });
    return 'done';
  });
  const server = await node(plain).listen({ port: 0, host: '127.0.0.1', shutdownTimeout: 100_000 });
  const response = at(server);
  await vi.waitFor(() => expect(signal).toBeDefined());
  const closed = server.close();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(signal?.aborted).toBe(false);
  go();
  expect(await (await response).json()).toBe('done');
  await closed;
});

test('a request that waited behind another one, and whose client has left, does not hold the server up', async () => {
  let came = 0;
  const never = define('f', http({ method: 'GET', path: '/' })).handle(async (_event, { signal }) => {
    came += 1;
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  });
  const server = await node(never).listen({ port: 0, host: '127.0.0.1', shutdownTimeout: 100_000 });
  const client = connect(server.port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(3));
  await vi.waitFor(() => expect(came).toBe(3));
  client.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await server.close();
});

test('a connection over which nothing has come does not hold the server up, and one with half a request is answered', async () => {
  const fn = define('f', http({ method: 'GET', path: '/' })).handle(() => 'done');
  const server = await node(fn).listen({ port: 0, host: '127.0.0.1', shutdownTimeout: 100_000 });
  const unused = connect(server.port, '127.0.0.1');
  unused.on('error', () => {});
  const half = connect(server.port, '127.0.0.1');
  half.write('GET / HTTP/1.1\r\n');
  await once(half, 'connect');
  // Nothing shows that the server has read it.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const closed = server.close();
  await once(unused.resume(), 'close');
  half.write('host: a\r\n\r\n');
  const [answer] = (await once(half, 'data')) as [Buffer];
  expect(String(answer)).toContain('200 OK');
  half.destroy();
  await closed;
});
