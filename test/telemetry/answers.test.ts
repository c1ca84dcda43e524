// What is reported of a response, on platforms that send it as a whole, as a stream, or too late.
import { context as active, propagation, ROOT_CONTEXT, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CBaggagePropagator } from '@opentelemetry/core';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { lambda, on } from '@tradewind/adapters/lambda';
import { node } from '@tradewind/adapters/node';
import { beforeParsing, bytes, defineFunction, envProvider, http, json, queue, reply, text } from '@tradewind/core';
import { deliver, fakeHttp, fakeMessage, invoke } from '@tradewind/core/testing';
import { flushOnEnd, tracing } from '@tradewind/telemetry';
import { emf } from '@tradewind/telemetry/emf';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const lines: { status?: number; Errors: number }[] = [];
const watched = defineFunction
  .use(tracing({ provider }))
  .use(emf({ namespace: 'Shop', sink: (line) => void lines.push(JSON.parse(line)) }));
beforeEach(() => {
  exporter.reset();
  lines.length = 0;
  for (const level of ['warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

const get = http({ method: 'GET', path: '/' });
/** @param ms - the time that Lambda has left. */
const ask = (fn: Parameters<typeof lambda>[0], ms = 30_000) => {
  const end = Date.now() + ms;
  return (lambda as (...functions: unknown[]) => (event: object, context: object) => Promise<Answer>)(fn)(
    { version: '2.0', rawPath: '/', headers: {}, requestContext: { http: { method: 'GET', path: '/' } } },
    { awsRequestId: 'r-1', getRemainingTimeInMillis: () => end - Date.now() },
  );
};
interface Answer {
  readonly statusCode: number;
  readonly body?: string;
}
const statuses = () => exporter.getFinishedSpans().map(({ attributes }) => attributes['http.response.status_code']);
const failures = () =>
  exporter
    .getFinishedSpans()
    .map(({ status, attributes }) => status.code === SpanStatusCode.ERROR && attributes['error.type']);
const streamOf = (...parts: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
      controller.close();
    },
  });

test.each<[string, unknown, number]>([
  ['a web Response', new Response('no', { status: 401 }), 401],
  ['nothing', undefined, 204],
  ['a value', { ok: true }, 200],
  ['a stream', streamOf('x'), 200],
])('a layer’s response that is %s goes out, and is reported, as it is', async (_what, value, status) => {
  const layer = beforeParsing(async () => reply(value));
  const fn = watched('f', get)
    .use(layer)
    .handle(() => json(200, 1));
  expect((await ask(fn as never)).statusCode).toBe(status);
  expect([statuses(), failures(), lines.length]).toEqual([[status], [false], 1]);
});

describe('a stream', () => {
  test('that cannot be sent is a 500, and is cancelled', async () => {
    const cancel = vi.fn();
    const body = new ReadableStream<Uint8Array>({ cancel });
    const fn = watched('f', get).handle(() => bytes(200, body, { headers: { 'x-name': 'a\nb' } }));
    expect((await ask(fn as never)).statusCode).toBe(500);
    expect([statuses(), failures(), lines.length]).toEqual([[500], ['internal'], 1]);
    expect(cancel).toHaveBeenCalledOnce();
  });

  test('that was already read is a 500', async () => {
    const fn = watched('f', get).handle(async () => {
      const stream = streamOf('x');
      const reader = stream.getReader();
      while (!(await reader.read()).done);
      reader.releaseLock();
      return bytes(200, stream);
    });
    expect((await ask(fn as never)).statusCode).toBe(500);
    expect([statuses(), failures()]).toEqual([[500], ['internal']]);
  });

  test('that a layer outside replaces has a span', async () => {
    const fn = defineFunction('f', get)
      .use(
        beforeParsing(async (_event, _context, next) => {
          await next();
          return reply(json(304, undefined));
        }),
      )
      .use(tracing({ provider }))
      .handle(() => bytes(200, streamOf('x')));
    expect((await ask(fn as never)).statusCode).toBe(304);
    expect(statuses()).toEqual([200]);
  });

  test('that fails while Lambda gathers it is a 500', async () => {
    const fn = watched('f', get).handle(() =>
      bytes(200, new ReadableStream({ pull: (controller) => controller.error(new Error('The disk is gone.')) })),
    );
    expect((await ask(fn as never)).statusCode).toBe(500);
    expect([statuses(), failures(), lines.length]).toEqual([[500], ['Error'], 1]);
  });

  test('that has text in it breaks off, which is an error', async () => {
    const words = new ReadableStream({ start: (controller) => controller.enqueue('text') });
    const server = await node(watched('f', get).handle(() => bytes(200, words as never)) as never).listen({ port: 0 });
    await expect(fetch(`http://127.0.0.1:${server.port}/`).then((response) => response.text())).rejects.toThrow();
    await server.close();
    expect([statuses(), failures()]).toEqual([[200], ['internal']]);
  });

  test('is exported once, and waited for half a second in all', async () => {
    const flushes: number[] = [];
    const hanging = () => ({ forceFlush: () => new Promise(() => void flushes.push(performance.now())) });
    const fn = defineFunction
      .use(flushOnEnd(hanging()))
      .use(flushOnEnd(hanging()))('f', get)
      .handle(() => bytes(200, streamOf('x')));
    expect((await ask(fn as never)).statusCode).toBe(200);
    expect(flushes).toHaveLength(2);
  });
});

describe('too late', () => {
  const slowly = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const timed = http({ method: 'GET', path: '/', timeout: 50 });

  test('a handler that returns when the signal aborts', async () => {
    const onAbort = (signal: AbortSignal) => new Promise((resolve) => signal.addEventListener('abort', resolve));
    const request = watched('f', timed).handle((_event, { signal }) => onAbort(signal).then(() => json(200, 1)));
    expect((await ask(request as never)).statusCode).toBe(504);
    const message = watched('f', queue({ queue: 'q', timeout: 50 })).handle((_event, { signal }) => onAbort(signal));
    expect((await deliver(message as never, fakeMessage(1) as never)).outcome).toBe('retry');
    const outcomes = exporter.getFinishedSpans().map(({ attributes }) => attributes['tradewind.outcome']);
    expect([statuses()[0], outcomes[1], failures()]).toEqual([504, 'retry', ['timeout', 'timeout']]);
  });

  test('a layer outside, or an environment: what runs afterwards is reported all the same', async () => {
    const fn = defineFunction('f', timed)
      .use(
        beforeParsing(async (_event, _context, next) => {
          await slowly(100);
          return next();
        }),
      )
      .use(tracing({ provider }))
      .handle(() => json(200, 1));
    expect((await ask(fn as never)).statusCode).toBe(504);
    const KEY = envProvider(() => slowly(100).then(() => 'a-secret'));
    const secret = watched
      .env(z.object({ KEY: z.string() }))('f', timed)
      .handle(() => json(200, 1));
    expect((await ask(on(secret as never, { env: { KEY } } as never) as never)).statusCode).toBe(504);
    await vi.waitFor(() => expect(failures()).toEqual(['timeout', 'timeout']));
  });
});

test('baggage around a function is not that of a request of another trace', async () => {
  active.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CBaggagePropagator());
  const tenant = () => propagation.getActiveBaggage()?.getEntry('tenant')?.value;
  const fn = watched('f', get).handle(() => text(200, tenant() ?? 'none'));
  const span = provider.getTracer('test').startSpan('around');
  const baggage = propagation.createBaggage({ tenant: { value: 'other' } });
  const around = propagation.setBaggage(trace.setSpan(ROOT_CONTEXT, span), baggage);
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const own = { traceparent, baggage: 'tenant=own' };
  const bodies = await active.with(around, () =>
    Promise.all(
      [{ traceparent }, own, {}].map(
        async (headers) => ((await invoke(fn as never, fakeHttp({ headers }) as never)) as { body: unknown }).body,
      ),
    ),
  );
  expect(bodies).toEqual(['none', 'own', 'other']);
  propagation.disable();
  active.disable();
});

test.each([
  ['Lambda', true],
  ['a platform that goes on after the response', false],
])(
  'background work that never ends holds up neither the response nor the export for ever: %s',
  async (_where, waits) => {
    const flushed = vi.fn();
    const fn = defineFunction
      .use(flushOnEnd({ forceFlush: async () => flushed() }))('f', get)
      .handle((_event, { waitUntil }) => {
        waitUntil(new Promise(() => {}));
        return json(200, 1);
      });
    if (waits) {
      expect((await ask(fn as never, 300)).statusCode).toBe(200);
    } else {
      const server = await node(fn).listen({ port: 0, shutdownTimeout: 10 });
      expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(200);
      await vi.waitFor(() => expect(flushed).toHaveBeenCalledOnce(), { timeout: 5_000 });
      await server.close();
    }
    expect(flushed).toHaveBeenCalledOnce();
  },
);

test('a source whose cancel() fails does not end the process, however long the export takes', async () => {
  const slow = { forceFlush: () => new Promise((resolve) => setTimeout(resolve, 50)) };
  const source = new ReadableStream<Uint8Array>({ cancel: () => Promise.reject(new Error('cancel')) });
  const fn = defineFunction
    .use(flushOnEnd(slow))('f', get)
    .handle(() => bytes(200, source));
  const { body } = (await invoke(fn, fakeHttp())) as { body: ReadableStream };
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  await expect(body.cancel()).rejects.toThrow('cancel');
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

describe('a client that leaves', () => {
  test('before the answer ends the span of its request, which is not late', async () => {
    const fn = watched('f', http({ method: 'GET', path: '/', timeout: 60_000 })).handle(async (_event, { signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return json(200, 1);
    });
    const server = await node(fn).listen({ port: 0 });
    const client = new AbortController();
    const asked = fetch(`http://127.0.0.1:${server.port}/`, { signal: client.signal });
    setTimeout(() => client.abort(), 50);
    await expect(asked).rejects.toThrow();
    await vi.waitFor(() => expect([statuses(), failures(), lines.length]).toEqual([[200], [false], 1]));
    await server.close();
  });

  test('while a layer waits, before its body was read, ends the span of its request', async () => {
    let go = (): void => {};
    const waits = beforeParsing(async (_event, _context, next) => {
      await new Promise<void>((resolve) => {
        go = resolve;
      });
      return next();
    });
    const fn = watched('f', http({ method: 'POST', path: '/' }))
      .use(waits)
      .handle(() => json(200, 1));
    const server = await node(fn).listen({ port: 0 });
    const client = new AbortController();
    const body = new ReadableStream({ start: (to) => to.enqueue(new Uint8Array(1)) });
    const init = { method: 'POST', body, duplex: 'half', signal: client.signal } as RequestInit;
    const asked = fetch(`http://127.0.0.1:${server.port}/`, init);
    setTimeout(() => client.abort(), 50);
    await expect(asked).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 50));
    go();
    await vi.waitFor(() => expect([statuses(), failures(), lines.length]).toEqual([[400], [false], 1]));
    await server.close();
  });
});
