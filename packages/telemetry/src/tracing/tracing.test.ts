import { context as active, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import {
  bytes,
  defineFunction,
  FunctionError,
  http,
  json,
  queue,
  reject,
  retryLater,
  schedule,
  sender,
} from '@tradewind/core';
import {
  deliver,
  deliverBatch,
  fakeBatch,
  fakeHttp,
  fakeMessage,
  fakeSchedule,
  invoke,
  memory,
  type VirtualClock,
  virtualClock,
} from '@tradewind/core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { flushOnEnd, tracing } from '../index.js';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
beforeAll(() => {
  trace.setGlobalTracerProvider(provider);
  active.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => {
  trace.disable();
  active.disable();
});
beforeEach(() => exporter.reset());

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;

/** The only span. */
const span = () => {
  const [only, ...more] = exporter.getFinishedSpans();
  expect(more).toEqual([]);
  if (!only) throw new Error('There is no span.');
  return only;
};
const parentOf = () => ({ trace: span().spanContext().traceId, parent: span().parentSpanContext?.spanId });

const orders = http({ method: 'POST', path: '/orders/:id' });
const place = defineFunction
  .use(tracing())('place', orders)
  .handle(() => json(202, {}));
const charge = (handler: () => unknown = () => 1) =>
  defineFunction
    .use(tracing())('charge', queue({ queue: 'orders' }))
    .handle(handler);

describe('a request', () => {
  test('has a span that follows the conventions, named by its route', async () => {
    await invoke(place, fakeHttp({ params: { id: '7' }, headers: { host: 'shop.example', 'user-agent': 'tests' } }));
    expect(span()).toMatchObject({
      name: 'POST /orders/:id',
      kind: SpanKind.SERVER,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/orders/:id',
        'url.path': '/orders/7',
        'http.response.status_code': 202,
        'server.address': 'shop.example',
        'user_agent.original': 'tests',
        'faas.trigger': 'http',
        'faas.invocation_id': 'test',
        'tradewind.function': 'place',
        'tradewind.platform': 'test',
      },
    });
    expect(span().status.code).toBe(SpanStatusCode.UNSET);
  });

  test.each([
    [
      'a 500 of an error',
      () => {
        throw new Error('down');
      },
      500,
      SpanStatusCode.ERROR,
      ['exception'],
    ],
    [
      'a 404',
      () => {
        throw new FunctionError('not_found');
      },
      404,
      SpanStatusCode.UNSET,
      [],
    ],
    ['a 503 that is answered', () => json(503, {}), 503, SpanStatusCode.ERROR, []],
  ])('that ends with %s says so', async (_name, handler, status, code, events) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const fn = defineFunction
      .use(tracing())('place', orders)
      .handle(handler as never);
    await invoke(fn, fakeHttp({ params: { id: '7' } }));
    expect(span().attributes['http.response.status_code']).toBe(status);
    expect(span().status.code).toBe(code);
    expect(span().events.map(({ name }) => name)).toEqual(events);
    log.mockRestore();
  });

  test('that its schema rejects has a span too', async () => {
    const fn = defineFunction
      .use(tracing())(
        'place',
        http({
          method: 'POST',
          path: '/',
          body: {
            '~standard': { version: 1, vendor: 'x', validate: () => ({ issues: [{ message: 'no' }] }) },
          } as never,
        }),
      )
      .handle(() => 1);
    await invoke(fn, fakeHttp({ body: 1 } as never));
    expect(span().attributes['http.response.status_code']).toBe(400);
  });

  test.each([
    ['W3C', { traceparent: TRACEPARENT }],
    ['a version to come', { traceparent: `cc-${TRACE}-${PARENT}-01-what-the-future-brings` }],
    ['Google Cloud', { 'x-cloud-trace-context': `${TRACE}/${BigInt(`0x${PARENT}`)};o=1` }],
    ['X-Ray', { 'x-amzn-trace-id': `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=${PARENT};Sampled=1` }],
    [
      'X-Ray, with more in it',
      {
        'x-amzn-trace-id': `Self=1-x; Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)}; Parent=${PARENT}; Sampled=1; Lineage=a:1`,
      },
    ],
    [
      'W3C before the others',
      {
        traceparent: TRACEPARENT,
        'x-amzn-trace-id': `Root=1-${'1'.repeat(8)}-${'2'.repeat(24)};Parent=${'3'.repeat(16)}`,
      },
    ],
  ])('continues the trace of %s', async (_name, headers) => {
    await invoke(place, fakeHttp({ params: { id: '7' }, headers }));
    expect(parentOf()).toEqual({ trace: TRACE, parent: PARENT });
  });

  test.each([
    ['an empty one', ''],
    ['of the invalid version ff', `ff-${TRACE}-${PARENT}-01`],
    ['more in version 00', `${TRACEPARENT}-more`],
    ['upper case', TRACEPARENT.toUpperCase()],
    ['no trace', `00-${'0'.repeat(32)}-${PARENT}-01`],
    ['no parent', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a short trace', `00-${TRACE.slice(1)}-${PARENT}-01`],
    ['no flags', `00-${TRACE}-${PARENT}`],
    ['not hexadecimal', `00-${TRACE.replace('a', 'g')}-${PARENT}-01`],
    ['two of them', `${TRACEPARENT}, ${TRACEPARENT}`],
    ['megabytes', '0'.repeat(1_000_000)],
  ])('starts a new trace if the traceparent is %s', async (_name, traceparent) => {
    await invoke(place, fakeHttp({ params: { id: '7' }, headers: { traceparent, tracestate: 'a=1' } }));
    expect(span().parentSpanContext).toBeUndefined();
    expect(span().spanContext().traceState?.serialize() ?? '').toBe('');
  });

  test.each([
    ['members', 'a=1,b@vendor=2', 'a=1,b@vendor=2'],
    ['blanks and empty members', ' a=1 , ,b=2,', 'a=1,b=2'],
    ['an invalid member', 'a=1,B=2', ''],
    ['a key twice', 'a=1,a=2', ''],
    ['a value with a blank inside', 'a=1 2,b=3', 'a=1 2,b=3'],
    ['33 members', Array.from({ length: 33 }, (_, at) => `k${at}=1`).join(','), ''],
    ['513 characters', `a=${'1'.repeat(511)}`, ''],
  ])('has a tracestate of %s', async (_name, tracestate, kept) => {
    await invoke(place, fakeHttp({ params: { id: '7' }, headers: { traceparent: TRACEPARENT, tracestate } }));
    expect(parentOf().trace).toBe(TRACE);
    expect(span().spanContext().traceState?.serialize() ?? '').toBe(kept);
  });

  test('is read by the registered propagator, if there is one', async () => {
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    await invoke(place, fakeHttp({ params: { id: '7' }, headers: { traceparent: TRACEPARENT } }));
    expect(parentOf()).toEqual({ trace: TRACE, parent: PARENT });
    propagation.disable();
  });

  test.each([
    [{ 'x-amzn-trace-id': 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1' }],
    [{ 'x-amzn-trace-id': `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=${PARENT};Sampled=0` }],
    [{ 'x-amzn-trace-id': ';;;=;Root=;Parent==' }],
    [{ 'x-cloud-trace-context': `${TRACE}/99999999999999999999;o=1` }],
    [{ 'x-cloud-trace-context': '/;o=' }],
  ])('starts a new trace if another format is invalid: %j', async (headers) => {
    await invoke(place, fakeHttp({ params: { id: '7' }, headers }));
    expect(span().parentSpanContext).toBeUndefined();
  });
});

describe('a message', () => {
  test('has a span in its sender’s trace, with its outcome', async () => {
    await deliver(charge(), fakeMessage({ orderId: '1' }, { id: 'm-1', traceparent: TRACEPARENT }), {
      deliveryAttempt: 3,
    });
    expect(span()).toMatchObject({
      name: 'process orders',
      kind: SpanKind.CONSUMER,
      attributes: {
        'messaging.operation.type': 'process',
        'messaging.destination.name': 'orders',
        'messaging.message.id': 'm-1',
        'cloudevents.event_id': 'm-1',
        'faas.trigger': 'pubsub',
        'tradewind.delivery_attempt': 3,
        'tradewind.outcome': 'ack',
      },
    });
    expect(parentOf()).toEqual({ trace: TRACE, parent: PARENT });
  });

  test.each([
    ['throws', new Error('down'), 'retry', SpanStatusCode.ERROR, 'Error'],
    ['is rejected', reject('poison'), 'reject', SpanStatusCode.ERROR, 'reject'],
    ['is to come later', retryLater({ after: 1 }), 'retryLater', SpanStatusCode.UNSET, undefined],
    ['throws what is no error', 'text', 'retry', SpanStatusCode.ERROR, 'string'],
  ])('that %s', async (_name, thrown, outcome, code, type) => {
    await deliver(
      charge(() => {
        throw thrown;
      }),
      fakeMessage(1),
    );
    expect(span().attributes['tradewind.outcome']).toBe(outcome);
    expect(span().attributes['error.type']).toBe(type);
    expect(span().status.code).toBe(code);
  });

  test('with X-Ray’s header continues its trace', async () => {
    const awstraceheader = `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=${PARENT};Sampled=1`;
    await deliver(charge(), fakeMessage(1, { extensions: { awstraceheader } }));
    expect(parentOf()).toEqual({ trace: TRACE, parent: PARENT });
  });

  test('of a batch function is a link of the batch’s span', async () => {
    const fn = defineFunction
      .use(tracing())('charge', queue({ queue: 'orders' }).batch())
      .handle(() => [
        { status: 'fulfilled' as const, value: 1 },
        { status: 'rejected' as const, reason: new Error('down') },
      ]);
    const messages = [1, 2].flatMap((data) => fakeMessage(data, { traceparent: TRACEPARENT }).messages);
    const batch = { ...fakeBatch([]), messages };
    await invoke(fn, batch as never);
    expect(span().links.map(({ context }) => context.spanId)).toEqual([PARENT, PARENT]);
    expect(span().parentSpanContext).toBeUndefined();
    expect(span().attributes).toMatchObject({
      'messaging.batch.message_count': 2,
      'tradewind.outcome': 'retry',
      'tradewind.batch.failed': 1,
      'error.type': 'Error',
    });
  });
});

test('a schedule has a span with its cron expression and time', async () => {
  const fn = defineFunction
    .use(tracing())('report', schedule({ cron: '30 3 * * MON-FRI' }))
    .handle(() => {});
  await invoke(fn, fakeSchedule('2026-03-03T03:30:00Z'));
  expect(span()).toMatchObject({
    name: 'report',
    attributes: { 'faas.trigger': 'timer', 'faas.cron': '30 3 * * MON-FRI' },
  });
});

describe('a sender', () => {
  const target = charge();
  const orders = sender(target);
  const placing = defineFunction
    .use(tracing())('place', http({ method: 'POST', path: '/' }))
    .handle(async (_event, context) => {
      await orders(context).send({ orderId: '1' });
      return json(202, {});
    });

  test('passes its trace on, and the receiver continues it: one order is one trace', async () => {
    const sink = memory();
    await invoke(placing, fakeHttp({ headers: { traceparent: TRACEPARENT, tracestate: 'a=1' } }), {
      wiring: { send: { orders: sink } },
    });
    const [sent] = sink.sent;
    const placed = span().spanContext();
    expect(sent?.event.traceparent).toBe(`00-${TRACE}-${placed.spanId}-01`);
    expect(sent?.event.tracestate).toBe('a=1');
    exporter.reset();
    const { traceparent, tracestate } = sent?.event ?? {};
    await deliver(target, fakeMessage({ orderId: '1' }, { traceparent, tracestate } as never));
    expect(parentOf()).toEqual({ trace: TRACE, parent: placed.spanId });
  });

  test('passes on the invocation’s span if there is no context manager', async () => {
    active.disable();
    const sink = memory();
    await invoke(placing, fakeHttp(), { wiring: { send: { orders: sink } } });
    expect(sink.sent[0]?.event.traceparent).toContain(span().spanContext().spanId);
    active.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });

  test('passes on the active span, a child of the invocation’s', async () => {
    const fn = defineFunction
      .use(tracing())('place', http({ method: 'POST', path: '/' }))
      .handle(async (_event, context) => {
        await trace.getTracer('test').startActiveSpan('inner', async (inner) => {
          await orders(context).send({});
          inner.end();
        });
        return json(202, {});
      });
    const sink = memory();
    await invoke(fn, fakeHttp(), { wiring: { send: { orders: sink } } });
    const inner = exporter.getFinishedSpans().find(({ name }) => name === 'inner');
    expect(sink.sent[0]?.event.traceparent).toContain(inner?.spanContext().spanId);
  });
});

describe('flushOnEnd', () => {
  const flushing = (forceFlush: () => Promise<unknown>) =>
    defineFunction
      .use(flushOnEnd({ forceFlush }))
      .use(tracing())('charge', queue({ queue: 'orders' }))
      .handle(({ data }) => {
        if (data === 'fails') throw new Error('down');
      });

  test('exports after the span has ended, also after a failure', async () => {
    const seen: number[] = [];
    const fn = flushing(async () => seen.push(exporter.getFinishedSpans().length));
    await deliver(fn, fakeMessage(1));
    await deliver(fn, fakeMessage('fails'));
    expect(seen).toEqual([1, 2]);
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('export'))],
    [
      'throws',
      () => {
        throw new Error('export');
      },
    ],
    ['hangs', () => new Promise<never>(() => {})],
  ])('that %s does not change the result', async (_name, forceFlush) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const deadline = Date.now() + 100;
    expect(await deliver(flushing(forceFlush as never), fakeMessage(1), { deadline })).toMatchObject({
      outcome: 'ack',
    });
    log.mockRestore();
    warn.mockRestore();
  });

  test('that hangs delays the response by half a second at most', async () => {
    const clock = virtualClock();
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    let isDone = false;
    const delivered = deliver(
      flushing(() => new Promise(() => {})),
      fakeMessage(1),
      {
        clock,
        deadline: clock.now() + 60_000,
      },
    ).then((settlement) => {
      isDone = true;
      return settlement;
    });
    await clock.advance(499);
    expect(isDone).toBe(false);
    await clock.advance(1);
    expect(await delivered).toMatchObject({ outcome: 'ack' });
    warn.mockRestore();
  });

  test('says once that what it exports to is down', async () => {
    vi.resetModules();
    const fresh = await import('../index.js');
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const fn = defineFunction
      .use(fresh.flushOnEnd({ forceFlush: () => Promise.reject(new Error('export')) }))(
        'charge',
        queue({ queue: 'orders' }),
      )
      .handle(() => {});
    for (const data of [1, 2, 3]) await deliver(fn, fakeMessage(data));
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });

  test('exports what has ended wherever it stands among the layers', async () => {
    const seen: number[] = [];
    const fn = defineFunction
      .use(tracing())
      .use(flushOnEnd({ forceFlush: async () => void seen.push(exporter.getFinishedSpans().length) }))('place', orders)
      .handle(() => json(202, {}));
    await invoke(fn, fakeHttp({ params: { id: '1' } }));
    expect(seen).toEqual([1]);
  });

  test('exports once for all messages of an invocation', async () => {
    const seen: number[] = [];
    const fn = flushing(async () => seen.push(exporter.getFinishedSpans().length));
    expect(await deliverBatch(fn, fakeBatch([1, 2, 3]) as never)).toHaveLength(3);
    expect(seen).toEqual([3]);
  });

  test.each([
    ['a message', 'queue'],
    ['a request', 'http'],
  ])('exports the span of %s that hangs into its deadline', async (_what, kind) => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const seen: unknown[] = [];
    const base = defineFunction
      .use(flushOnEnd({ forceFlush: async () => void seen.push(span().attributes['error.type']) }))
      .use(tracing());
    const forever = () => new Promise<never>(() => {});
    const clock = virtualClock();
    const ended =
      kind === 'queue'
        ? deliver(base('charge', queue({ queue: 'orders', timeout: 1_000 })).handle(forever), fakeMessage(1), { clock })
        : invoke(base('place', http({ method: 'GET', path: '/', timeout: 1_000 })).handle(forever), fakeHttp({}), {
            clock,
          });
    await clock.advance(1_000);
    await ended;
    expect(seen).toEqual(['timeout']);
    error.mockRestore();
  });

  test('requires a provider with forceFlush', () => {
    expect(() => flushOnEnd({} as never)).toThrow(
      "flushOnEnd(...): `provider.forceFlush`, of an SDK's provider and not the API's, must be a function",
    );
  });
});

describe('a streamed answer', () => {
  const encoder = new TextEncoder();
  const streaming = (source: () => UnderlyingDefaultSource<Uint8Array>, flush = async () => {}) =>
    defineFunction
      .use(flushOnEnd({ forceFlush: flush }))
      .use(tracing())('download', http({ method: 'GET', path: '/' }))
      .handle(() => bytes(200, new ReadableStream(source())));
  const bodyOf = async (fn: ReturnType<typeof streaming>) =>
    (await invoke(fn, fakeHttp({}))).body as ReadableStream<Uint8Array>;
  const twice = (then: (controller: ReadableStreamDefaultController<Uint8Array>) => void) => {
    let count = 0;
    return () => ({
      pull(controller: ReadableStreamDefaultController<Uint8Array>) {
        if (count++ < 2) controller.enqueue(encoder.encode('part'));
        else then(controller);
      },
    });
  };

  test('has a span that ends with the stream, and is exported before the stream ends', async () => {
    const seen: number[] = [];
    const body = await bodyOf(
      streaming(
        twice((controller) => controller.close()),
        async () => void seen.push(exporter.getFinishedSpans().length),
      ),
    );
    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(await new Response(body).text()).toBe('partpart');
    expect(span().attributes['http.response.status_code']).toBe(200);
    expect(seen.at(-1)).toBe(1);
  });

  test('that breaks off is an error of its span', async () => {
    const body = await bodyOf(streaming(twice((controller) => controller.error(new Error('The disk is gone.')))));
    await expect(new Response(body).text()).rejects.toThrow('The disk is gone.');
    expect(span()).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'http.response.status_code': 200, 'error.type': 'Error' },
    });
  });

  test('that a client gives up ends its span, and the stream that was given', async () => {
    const cancel = vi.fn();
    const body = await bodyOf(streaming(() => ({ cancel })));
    await body.cancel();
    expect(cancel).toHaveBeenCalledOnce();
    expect(span().status.code).toBe(SpanStatusCode.UNSET);
  });
});

test.each([
  ['a header with a line break', json(200, {}, { headers: { location: 'a\r\nb' } })],
  ['a body that JSON does not have', json(200, { count: 1n })],
])('a result that cannot be sent for %s is an error of its span', async (_what, result) => {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  const fn = defineFunction
    .use(tracing())('place', orders)
    .handle(() => result);
  expect((await invoke(fn, fakeHttp({ params: { id: '1' } }))).status).toBe(500);
  expect(span()).toMatchObject({
    status: { code: SpanStatusCode.ERROR },
    attributes: { 'http.response.status_code': 500 },
  });
  error.mockRestore();
});

describe('without an SDK', () => {
  beforeEach(() => trace.disable());
  afterEach(() => void trace.setGlobalTracerProvider(provider));

  test('nothing is traced, and messages carry no trace', async () => {
    const sink = memory();
    const spans: unknown[] = [];
    const orders = sender(charge());
    const fn = defineFunction
      .use(tracing())('place', http({ method: 'POST', path: '/' }))
      .handle(async (_event, context) => {
        spans.push(context.span);
        await orders(context).send({});
        return json(202, {});
      });
    expect(
      (await invoke(fn, fakeHttp({ headers: { traceparent: TRACEPARENT } }), { wiring: { send: { orders: sink } } }))
        .status,
    ).toBe(202);
    expect(spans).toEqual([undefined]);
    expect(sink.sent[0]?.event.traceparent).toBeUndefined();
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});

test('the provider that is passed is used', async () => {
  const own = new InMemorySpanExporter();
  const ownProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(own)] });
  const fn = defineFunction
    .use(tracing({ provider: ownProvider }))('charge', queue({ queue: 'orders' }))
    .handle(() => {});
  await deliver(fn, fakeMessage(1));
  expect(own.getFinishedSpans()).toHaveLength(1);
  expect(exporter.getFinishedSpans()).toHaveLength(0);
});

describe('the span of a handler that times out', () => {
  test.each([
    ['ends later', (clock: VirtualClock) => clock.sleep(8_000)],
    ['never ends', () => new Promise(() => {})],
  ])('and %s has the error', async (_name, wait) => {
    const clock = virtualClock();
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const slow = defineFunction
      .use(tracing())('place', http({ method: 'GET', path: '/', timeout: 4_000 }))
      .handle(async () => {
        await wait(clock);
        return json(200, {});
      });
    const answer = invoke(slow, fakeHttp(), { clock });
    await clock.advance(4_000);
    expect((await answer).status).toBe(504);
    expect(span()).toMatchObject({
      attributes: { 'http.response.status_code': 504, 'error.type': 'timeout' },
      status: { code: SpanStatusCode.ERROR },
    });
    exporter.reset();
    const stuck = defineFunction
      .use(tracing())('charge', queue({ queue: 'orders', timeout: 4_000 }))
      .handle(async () => {
        await wait(clock);
      });
    const delivered = deliver(stuck, fakeMessage(1), { clock });
    await clock.advance(4_000);
    expect(await delivered).toMatchObject({ outcome: 'retry' });
    await clock.advance(8_000);
    expect(span()).toMatchObject({ attributes: { 'tradewind.outcome': 'retry', 'error.type': 'timeout' } });
    log.mockRestore();
  });
});

describe('telemetry that fails', () => {
  const throwing = () => {
    throw new Error('telemetry');
  };
  test.each<[string, object]>([
    ['a provider', { getTracer: throwing }],
    ['a tracer', { getTracer: () => ({ startSpan: throwing }) }],
    [
      'a span',
      {
        getTracer: () => ({
          startSpan: () => ({
            setAttribute: throwing,
            setStatus: throwing,
            end: throwing,
            spanContext: throwing,
            isRecording: () => true,
            addEvent: throwing,
          }),
        }),
      },
    ],
  ])('does not fail the invocation: %s', async (_name, odd) => {
    const fn = defineFunction
      .use(tracing({ provider: odd as never }))('charge', queue({ queue: 'orders' }))
      .handle(() => 1);
    expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome: 'ack' });
  });

  test.each([
    ['a proxy', new Proxy({}, { get: throwing, getPrototypeOf: throwing })],
    ['an error whose name is a symbol', Object.assign(new Error('x'), { name: Symbol('x') })],
    ['an error without a message', Object.defineProperty(new Error('x'), 'message', { get: throwing })],
    ['an object without a prototype', Object.create(null)],
  ])('keeps an odd error as it was thrown: %s', async (_name, odd) => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const { outcome, error } = await deliver(
      charge(() => {
        throw odd;
      }),
      fakeMessage(1),
    );
    expect(outcome).toBe('retry');
    expect(error).toBe(odd);
    expect(exporter.getFinishedSpans()).toHaveLength(1);
    vi.restoreAllMocks();
  });

  test('the handler runs once, whatever the context manager does', async () => {
    const handler = vi.fn();
    for (const odd of [throwing, (_: unknown, run: () => unknown) => [run(), throwing()]]) {
      active.disable();
      active.setGlobalContextManager({
        with: odd,
        active: () => ROOT_CONTEXT,
        bind: throwing,
        enable: throwing,
        disable: () => {},
      } as never);
      expect(await deliver(charge(handler), fakeMessage(1))).toMatchObject({ outcome: 'ack' });
      expect(handler).toHaveBeenCalledOnce();
      handler.mockClear();
    }
    active.disable();
    active.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });

  test('invalid options are refused', () => {
    expect(() => tracing(provider as never)).toThrow(
      'tracing(...): pass the provider as an option: tracing({ provider }).',
    );
    expect(() => tracing({ tracer: provider } as never)).toThrow("tracing(...): unknown option 'tracer'.");
    expect(() => tracing({ provider: {} } as never)).toThrow('tracing(...): `provider.getTracer` must be a function');
    expect(() => tracing({ provider: null } as never)).toThrow('tracing(...): `provider.getTracer` must be a function');
    expect(() => tracing(null as never)).toThrow('tracing(...): the options must be an object; got null.');
  });
});
