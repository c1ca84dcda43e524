// A schema's message may quote the value that it refused. Paths and codes only are in logs, spans, metrics, dead letters and events.
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { everyPlatform } from '@tradewind/adapters/testing';
import { type DeadLetter, defineFunction, event, http, type Observed, observe, queue } from '@tradewind/core';
import { deliver, deliverBatch, fakeEvent, fakeHttp, fakeRaw, invoke, memory } from '@tradewind/core/testing';
import { metrics, tracing } from '@tradewind/telemetry';
import { emf } from '@tradewind/telemetry/emf';
import { azureLogger, jsonLogger } from '@tradewind/telemetry/logging';
import { type } from 'arktype';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import * as mini from 'zod/mini';

const SECRET = 's3cr3t-value';
/** Schemas for `{ key: <something that SECRET is not> }`, whose messages quote what they got, and the code of the issue. */
const SCHEMAS = {
  valibot: [v.object({ key: v.pipe(v.string(), v.email()) }), 'data.key: email'],
  'valibot, another type': [v.object({ key: v.literal('a') }), 'data.key: literal'],
  arktype: [type({ key: "'a'" }), 'data.key: unit'],
  zod: [
    z.object({ key: z.string().refine(() => false, { error: ({ input }) => `${input} is wrong` }) }),
    'data.key: custom',
  ],
  'zod, strict': [z.strictObject({ key: z.literal('a') }), 'data.key: invalid_value'],
  'zod/mini': [
    mini.object({ key: mini.string().check(mini.refine(() => false, { error: (i) => `No ${i.input}` })) }),
    'data.key: custom',
  ],
  'a schema without codes': [
    {
      '~standard': {
        version: 1 as const,
        vendor: 'own',
        validate: () => ({ issues: [{ message: SECRET, path: ['key'] }] }),
      },
    },
    'data.key: invalid',
  ],
} as const;

let said: string[];
let observed: Observed[];
let stop: () => void;
const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

beforeEach(() => {
  said = [];
  observed = [];
  exporter.reset();
  stop = observe((event) => void observed.push(event));
  for (const level of ['log', 'debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line) => void said.push(String(line)));
  }
});
afterEach(() => {
  stop();
  vi.restoreAllMocks();
});

const telling = (error: unknown): unknown =>
  error instanceof Error
    ? { ...error, message: error.message, stack: error.stack, cause: telling(error.cause) }
    : error;

/** All that is logged, traced, measured and observed. */
function everything(): string {
  const spans = exporter
    .getFinishedSpans()
    .map(({ name, attributes, events, status }) => ({ name, attributes, events, status }));
  const events = observed.map((event) => ({ ...event, error: 'error' in event && telling(event.error) }));
  return JSON.stringify([said, spans, events]);
}

const watched = defineFunction
  .use(tracing({ provider }))
  .use(metrics())
  .use(emf({ namespace: 'Shop' }));

describe.each(Object.entries(SCHEMAS))('%s', (_name, [schema, issue]) => {
  const any = schema as never;

  test('a message and its dead letter', async () => {
    const deadLetter = memory();
    const fn = watched('charge', queue({ queue: 'orders', data: any })).handle(() => {});
    const settled = await deliver(fn, fakeRaw('queue', { key: SECRET }), { wiring: { deadLetter } });
    expect(settled).toMatchObject({ outcome: 'reject', done: true });
    const [letter] = deadLetter.sent.map(({ event: { data } }) => data as DeadLetter);
    expect(letter?.errors.map(({ message }) => message)).toEqual([
      `Message fake-1 does not match its schema: ${issue}`,
    ]);
    const all = everything();
    expect(all).toContain(issue);
    expect(all).toContain('messaging.message.id');
    expect(all).not.toContain('s3cr3t');
  });

  test('a message of a batch', async () => {
    const fn = watched('charge', queue({ queue: 'orders', data: any }).batch()).handle(() => []);
    const settled = await deliverBatch(fn, fakeRaw('queue', { key: SECRET }) as never);
    expect(settled).toMatchObject([{ outcome: 'reject' }]);
    expect(String(settled[0]?.error)).toContain(issue);
    expect(everything()).not.toContain('s3cr3t');
  });

  test('an event', async () => {
    const fn = watched('moved', event({ type: 'order.moved', data: any })).handle(() => {});
    await deliver(fn, fakeEvent({ key: SECRET } as never));
    expect(everything()).toContain(issue);
    expect(everything()).not.toContain('s3cr3t');
  });

  test('a response', async () => {
    const trigger = { method: 'GET', path: '/', response: any } as const;
    const wrong = issue.replace('data', 'body');
    const checked = watched('get', http({ ...trigger, validateResponse: true })).handle(
      () => ({ key: SECRET }) as never,
    );
    expect(await invoke(checked, fakeHttp())).toMatchObject({ status: 500 });
    expect(everything()).toContain(`The response does not match the response schema: ${wrong}`);
    const fn = watched('get', http(trigger)).handle(() => ({ key: SECRET }) as never);
    await expect(invoke(fn, fakeHttp())).rejects.toThrow(`The response does not match the response schema: ${wrong}`);
    expect(everything()).not.toContain('s3cr3t');
  });
});

test('the client reads the schema’s own messages about what it sent itself', async () => {
  const body = v.object({ key: v.literal('a') });
  const fn = watched('put', http({ method: 'PUT', path: '/', body })).handle(() => 'ok');
  const answer = await invoke(fn, fakeHttp({ body: { key: SECRET } as never }));
  expect(JSON.stringify(answer.body)).toContain(`received \\"${SECRET}\\"`);
  expect(everything()).not.toContain('s3cr3t');
});

test('a path of any length is cut, and so is their number', async () => {
  const fn = watched('charge', queue({ queue: 'orders', data: z.record(z.string(), z.number()) })).handle(() => {});
  const data = Object.fromEntries(Array.from({ length: 99 }, (_, at) => [`${at}${'x'.repeat(10_000)}`, 'no']));
  const { error } = await deliver(fn, fakeRaw('queue', data));
  expect(String(error).length).toBeLessThan(20_000);
});

test.each([
  ['jsonLogger', jsonLogger()],
  ['azureLogger', azureLogger()],
])('%s', async (_name, logger) => {
  const fn = defineFunction
    .logger(logger)('charge', queue({ queue: 'orders', data: v.object({ key: v.literal('a') }) }))
    .handle(() => {});
  await everyPlatform(fn, fakeRaw('queue', { key: SECRET }));
  expect(said.join()).toContain('data.key: literal');
  expect(said.join()).not.toContain('s3cr3t');
});
