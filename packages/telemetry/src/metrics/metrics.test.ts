import { metrics as api } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  beforeParsing,
  defineFunction,
  FunctionError,
  http,
  json,
  queue,
  reject,
  retryLater,
  schedule,
} from '@tradewind/core';
import { emit } from '@tradewind/core/adapter';
import { deliver, deliverBatch, fakeBatch, fakeHttp, fakeMessage, fakeSchedule, invoke } from '@tradewind/core/testing';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { flushOnEnd, metrics } from '../index.js';
import { emf } from './emf.js';

const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
const provider = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })],
});
afterAll(() => provider.shutdown());
beforeEach(async () => {
  await provider.forceFlush();
  exporter.reset();
});

/** The exported metrics by name: each point's attributes and value. */
async function counted(): Promise<Record<string, [object, unknown][]>> {
  await provider.forceFlush();
  const all = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: some }) => some));
  return Object.fromEntries(
    all.map(({ descriptor, dataPoints }) => [
      descriptor.name,
      dataPoints.map(({ attributes, value }) => [
        attributes,
        typeof value === 'number' ? value : (value as { count: number }).count,
      ]),
    ]),
  );
}

/** One message per outcome. */
async function some(layer: ReturnType<typeof metrics>): Promise<void> {
  const fn = defineFunction.use(layer);
  const place = fn('place', http({ method: 'POST', path: '/orders/:id' })).handle(({ params }) => {
    if (params.id === 'broken') throw new Error('down');
    if (params.id === 'none') throw new FunctionError('not_found');
    if (params.id === 'busy') throw new FunctionError('unavailable');
    return json(202, {});
  });
  for (const id of ['1', '2', 'broken', 'none', 'busy']) await invoke(place, fakeHttp({ params: { id } }));
  const charge = fn('charge', queue({ queue: 'orders' })).handle(({ data }) => {
    if (data === 'broken') throw new TypeError('down');
    if (data === 'poison') throw reject('poison');
    if (data === 'busy') throw retryLater({ after: 1 });
  });
  for (const data of ['fine', 'broken', 'poison', 'busy']) await deliver(charge, fakeMessage(data));
  const report = fn('report', schedule({ cron: '30 3 * * *' })).handle(() => {});
  await invoke(report, fakeSchedule());
}

test('requests, messages and timers are counted, by outcome', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  await some(metrics({ provider }));
  const all = await counted();
  const of = (name: string, attributes: object) =>
    all[name]
      ?.filter(([own]) =>
        Object.entries(attributes).every(([key, value]) => (own as Record<string, unknown>)[key] === value),
      )
      .reduce((sum, [, value]) => sum + Number(value), 0);
  expect(of('faas.invocations', {})).toBe(10);
  expect(
    of('faas.invocations', { 'tradewind.function': 'place', 'faas.trigger': 'http', 'tradewind.platform': 'test' }),
  ).toBe(5);
  expect(of('faas.invocations', { 'faas.trigger': 'timer' })).toBe(1);
  expect(of('faas.invoke_duration', {})).toBe(10);
  expect(of('http.server.request.duration', { 'http.route': '/orders/:id', 'http.response.status_code': 202 })).toBe(2);
  for (const [type, count] of [
    ['Error', 1],
    ['unavailable', 1],
    ['TypeError', 1],
    ['reject', 1],
  ] as const) {
    expect(of('faas.errors', { 'error.type': type }), type).toBe(count);
  }
  expect(of('faas.errors', {})).toBe(4);
  for (const outcome of ['retry', 'reject', 'retryLater'])
    expect(of('tradewind.deliveries', { 'tradewind.outcome': outcome })).toBe(1);
  expect(of('tradewind.deliveries', { 'tradewind.outcome': 'ack' })).toBe(2);
  vi.restoreAllMocks();
});

test('the events of packages are counted', async () => {
  const fn = defineFunction
    .use(metrics({ provider }))('charge', queue({ queue: 'orders' }))
    .handle(() => {
      const place = { functionName: 'charge', invocationId: 'test', name: 'pay' };
      emit(() => ({ type: 'retry.scheduled', ...place, attempt: 1, delay: 1, error: undefined }) as never);
      emit(() => ({ type: 'idempotency.key', ...place, key: 'k', news: 'replayed' }) as never);
    });
  await deliver(fn, fakeMessage(1));
  const all = await counted();
  expect(all['tradewind.events']).toEqual([
    [{ 'tradewind.function': 'charge', 'tradewind.name': 'pay', 'tradewind.event': 'retry.scheduled' }, 1],
  ]);
  expect(all['tradewind.idempotency.keys']).toEqual([[expect.objectContaining({ 'tradewind.news': 'replayed' }), 1]]);
});

test('the gauge of a circuit is 1 until it closes, whichever function’s call changes it', async () => {
  const changed = (functionName: string, from: string, to: string, isShared = false): void =>
    emit(
      () => ({ type: 'circuit.changed', functionName, invocationId: 'test', name: 'pay', from, to, isShared }) as never,
    );
  const fn = defineFunction
    .use(metrics({ provider }))('charge', queue({ queue: 'orders' }))
    .handle(({ data }) => {
      if (data === 'opens') changed('charge', 'closed', 'open');
      if (data === 'tries') changed('charge', 'open', 'half-open');
      if (data === 'closes') changed('refund', 'half-open', 'closed');
    });
  const open = async (): Promise<unknown> => (await counted())['tradewind.circuit.open'];
  const own = { 'tradewind.name': 'pay', 'tradewind.shared': false };
  for (const [data, value] of [
    ['opens', 1],
    ['tries', 1],
    ['closes', 0],
  ] as const) {
    exporter.reset();
    await deliver(fn, fakeMessage(data));
    expect(await open()).toEqual([[own, value]]);
  }
});

test('each message of a batch is counted by its outcome', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const lines: unknown[] = [];
  const fn = defineFunction
    .use(metrics({ provider }))
    .use(emf({ namespace: 'Shop', sink: (line) => void lines.push(JSON.parse(line)) }))(
      'charge',
      queue({ queue: 'orders' }).batch(),
    )
    .handle(({ messages }) =>
      Promise.allSettled(
        messages.map(async ({ data }) => {
          if (data === 'broken') throw new TypeError('down');
          if (data === 'poison') throw reject('poison');
          if (data === 'busy') throw retryLater({ after: 1 });
        }),
      ),
    );
  await deliverBatch(fn, fakeBatch(['fine', 'broken', 'poison', 'busy', 'fine']));
  const all = await counted();
  expect(
    all['tradewind.deliveries']?.map(([attributes, value]) => [(attributes as never)['tradewind.outcome'], value]),
  ).toEqual([
    ['ack', 2],
    ['retry', 1],
    ['reject', 1],
    ['retryLater', 1],
  ]);
  expect(lines).toMatchObject([{ Acked: 2, Retried: 1, Rejected: 1, Delayed: 1, Errors: 1, Error: 'TypeError' }]);
  vi.restoreAllMocks();
});

test.each([
  ['a list of the wrong length', queue({ queue: 'orders' }).batch(), () => [], []],
  ['nothing of a layer', queue({ queue: 'orders' }), () => 1, [beforeParsing((async () => undefined) as never)]],
  [
    'what a layer throws at once',
    queue({ queue: 'orders' }),
    () => 1,
    [
      beforeParsing(() => {
        throw new Error('at once');
      }),
    ],
  ],
])('a message counts as retried and failed if the chain gives %s', async (_, trigger, handler, layers) => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const lines: unknown[] = [];
  const measured = defineFunction
    .use(metrics({ provider }))
    .use(emf({ namespace: 'Shop', sink: (line) => void lines.push(JSON.parse(line)) }));
  const fn = layers.reduce<typeof measured>((inner, layer) => inner.use(layer as never), measured);
  const charge = fn('charge', trigger as ReturnType<typeof queue>).handle(handler as never);
  expect((await deliverBatch(charge, fakeBatch([1])))[0]?.outcome).toBe('retry');
  expect(lines).toMatchObject([{ Retried: 1, Errors: 1 }]);
  expect((await counted())['faas.errors']).toHaveLength(1);
  vi.restoreAllMocks();
});

test('durations are recorded in seconds, with boundaries to match', async () => {
  await deliver(
    defineFunction
      .use(metrics({ provider }))('charge', queue({ queue: 'orders' }))
      .handle(() => {}),
    fakeMessage(1),
  );
  await provider.forceFlush();
  const points = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics: some }) => some))
    .filter(({ descriptor }) => descriptor.name === 'faas.invoke_duration')
    .flatMap(({ dataPoints }): unknown[] => dataPoints);
  expect(points).toMatchObject([{ value: { buckets: { boundaries: expect.arrayContaining([0.005, 10]) } } }]);
});

test('without an SDK nothing is counted; one that is registered later is used', async () => {
  const fn = defineFunction
    .use(metrics())('charge', queue({ queue: 'orders' }))
    .handle(() => {});
  await deliver(fn, fakeMessage(1));
  api.setGlobalMeterProvider(provider);
  await deliver(fn, fakeMessage(1));
  expect((await counted())['faas.invocations']?.map(([, value]) => value)).toEqual([1]);
  api.disable();
});

test('metrics are exported when the invocation ends', async () => {
  const fn = defineFunction
    .use(flushOnEnd(provider))
    .use(metrics({ provider }))('charge', queue({ queue: 'orders' }))
    .handle(() => {});
  await deliver(fn, fakeMessage(1));
  expect(exporter.getMetrics().length).toBeGreaterThan(0);
});

describe('CloudWatch’s format', () => {
  test('is one line per invocation, with its metrics and their units', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const lines: Record<string, unknown>[] = [];
    await some(emf({ namespace: 'Shop', sink: (line) => void lines.push(JSON.parse(line)) }));
    vi.restoreAllMocks();
    expect(lines).toHaveLength(10);
    for (const line of lines) {
      const { _aws } = line as {
        _aws: {
          Timestamp: number;
          CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string; Unit: string }[] }[];
        };
      };
      expect(Math.abs(_aws.Timestamp - Date.now())).toBeLessThan(60_000);
      // The specification requires every name to be a member: a number for a metric, a string for a dimension.
      for (const { Namespace, Dimensions, Metrics } of _aws.CloudWatchMetrics) {
        expect(Namespace).toBe('Shop');
        for (const name of Dimensions.flat()) expect(line[name]).toBeTypeOf('string');
        for (const { Name, Unit } of Metrics) {
          expect(line[Name]).toBeTypeOf('number');
          expect(['Count', 'Milliseconds']).toContain(Unit);
        }
      }
    }
    expect(lines[0]).toMatchObject({ Function: 'place', Platform: 'test', status: 202, Invocations: 1, Errors: 0 });
    expect(lines[2]).toMatchObject({ Error: 'Error', Errors: 1, status: 500 });
    expect(lines[3]).toMatchObject({ status: 404, Errors: 0 });
    expect(
      lines.slice(5, 9).map(({ Acked, Retried, Rejected, Delayed }) => [Acked, Retried, Rejected, Delayed].indexOf(1)),
    ).toEqual([0, 1, 2, 3]);
  });

  test('counts the events of packages during the invocation', async () => {
    const lines: Record<string, unknown>[] = [];
    const fn = defineFunction
      .use(emf({ namespace: 'Shop', sink: (line) => void lines.push(JSON.parse(line)) }))(
        'charge',
        queue({ queue: 'orders' }),
      )
      .handle((_event, { invocationId }) => {
        for (let retry = 0; retry < 2; retry++)
          emit(
            () =>
              ({
                type: 'retry.scheduled',
                invocationId,
                functionName: 'charge',
                name: 'x',
                attempt: 1,
                delay: 1,
                error: 0,
              }) as never,
          );
        emit(
          () =>
            ({
              type: 'circuit.changed',
              invocationId,
              functionName: 'charge',
              name: 'x',
              from: 'closed',
              to: 'open',
              isShared: false,
            }) as never,
        );
      });
    await Promise.all(['a', 'b'].map((invocationId) => deliver(fn, fakeMessage(1), { invocationId })));
    expect(lines).toMatchObject([
      { invocationId: 'a', Retries: 2, CircuitsOpened: 1 },
      { invocationId: 'b', Retries: 2, CircuitsOpened: 1 },
    ]);
  });

  test('loses no event of a batch, whichever message ends first', async () => {
    const lines: Record<string, number>[] = [];
    const fn = defineFunction
      .use(emf({ namespace: 'Shop', sink: (line) => void lines.push(JSON.parse(line)) }))(
        'charge',
        queue({ queue: 'orders' }),
      )
      .handle(async ({ data }, { invocationId }) => {
        if (data === 'first') return;
        await new Promise((resolve) => setTimeout(resolve, 5));
        emit(() => ({ type: 'retry.scheduled', invocationId, functionName: 'charge', name: 'x' }) as never);
      });
    await deliverBatch(fn, fakeBatch(['first', 'b', 'c']));
    expect(lines).toHaveLength(3);
    expect(lines.reduce((sum, { Retries = 0 }) => sum + Retries, 0)).toBe(2);
    expect(lines.reduce((sum, { ColdStarts = 0 }) => sum + ColdStarts, 0)).toBeLessThan(2);
  });

  test('requires a namespace', () => {
    expect(() => emf({} as never)).toThrow('emf(...): `namespace` must be a string');
  });

  test.each(['Shop', 'shop/orders', 'a.b-c_d/e#f:g h', 'AWSome', 'x'.repeat(255)])(
    'accepts the namespace %j',
    (name) => {
      expect(() => emf({ namespace: name })).not.toThrow();
    },
  );

  test.each(['AWS/Lambda', ':shop', ' ', 'Läden', 'a\nb', 'shop$'])(
    'refuses the namespace %j, as CloudWatch does',
    (name) => {
      expect(() => emf({ namespace: name })).toThrow(/^emf\(\.\.\.\): `namespace` must be .*; got "/);
    },
  );
});

test('timeouts are counted, and so are errors with hostile names', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const lines: Record<string, unknown>[] = [];
  const fn = defineFunction
    .use(emf({ namespace: 'Shop', sink: (line) => void lines.push(JSON.parse(line)) }))
    .use(metrics({ provider }));
  const slow = fn('slow', queue({ queue: 'orders', timeout: 40 })).handle(() => new Promise(() => {}));
  await deliver(slow, fakeMessage(1));
  const odd = fn('odd', queue({ queue: 'orders' })).handle(() => {
    throw Object.assign(new Error('x'), { name: 'user 4711 was refused' });
  });
  await deliver(odd, fakeMessage(1));
  expect(lines).toMatchObject([
    { Error: 'timeout', Retried: 1 },
    { Error: 'Error', Retried: 1 },
  ]);
  expect(
    (await counted())['faas.errors']?.map(([attributes]) => (attributes as Record<string, unknown>)['error.type']),
  ).toEqual(['timeout', 'Error']);
  vi.restoreAllMocks();
});

test('error names that differ each time do not each create a time series', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const names = new Set<unknown>();
  const fn = defineFunction
    .use(emf({ namespace: 'Shop', sink: (line) => void names.add(JSON.parse(line).Error) }))(
      'odd',
      queue({ queue: 'orders' }),
    )
    .handle(({ data }) => {
      throw Object.assign(new Error('x'), { name: `Order${data}` });
    });
  for (let at = 0; at < 200; at++) await deliver(fn, fakeMessage(at));
  expect(names.size).toBeLessThanOrEqual(101);
  vi.restoreAllMocks();
});

test('a sink that rejects is logged once, and fails neither the invocation nor the process', async () => {
  // A new module instance has not logged a failure yet.
  vi.resetModules();
  const { emf: fresh } = await import('./emf.js');
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const fn = defineFunction
    .use(fresh({ namespace: 'Shop', sink: () => Promise.reject(new Error('disk full')) as never }))(
      'charge',
      queue({ queue: 'orders' }),
    )
    .handle(() => {});
  for (let at = 0; at < 2; at++) expect(await deliver(fn, fakeMessage(at))).toMatchObject({ outcome: 'ack' });
  // An unhandled rejection would fail the run.
  await new Promise((resolve) => setTimeout(resolve));
  expect(warn.mock.calls.map(([line]) => JSON.parse(line))).toMatchObject([
    { message: expect.stringContaining('Telemetry failed.'), error: { message: 'disk full' } },
  ]);
  vi.restoreAllMocks();
});

test('a sink that throws does not fail the invocation', async () => {
  const sink = () => {
    throw new Error('sink');
  };
  const fn = defineFunction
    .use(emf({ namespace: 'Shop', sink }))('charge', queue({ queue: 'orders' }))
    .handle(() => {});
  expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome: 'ack' });
  expect(() => emf({ namespace: '' })).toThrow('emf(...): `namespace` must have 1 to 255 characters; got 0.');
  expect(() => emf({ namespace: 'x', sink: 'y' } as never)).toThrow('emf(...): `sink` must be a function');
});

test.each([{}, null])('metrics() refuses the provider %j', (provider) => {
  expect(() => metrics({ provider } as never)).toThrow('metrics(...): `provider.getMeter` must be a function');
});
