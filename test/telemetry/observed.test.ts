// The events of every package are on the span.
import { context as active, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { defineFunction, queue } from '@tradewind/core';
import { deliver, fakeMessage } from '@tradewind/core/testing';
import { idempotency, memoryStore } from '@tradewind/idempotency';
import { circuitBreaker, constant, resilience, retry } from '@tradewind/resilience';
import { tracing } from '@tradewind/telemetry';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const exporter = new InMemorySpanExporter();
beforeAll(() => {
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  active.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => {
  trace.disable();
  active.disable();
});
beforeEach(() => exporter.reset());
const PARENT = 'b7ad6b7169203331';

test('the events of policies are events of the span', async () => {
  const fn = defineFunction
    .use(tracing())('charge', queue({ queue: 'orders' }))
    .use(resilience(retry({ backoff: constant(0) }), circuitBreaker({ name: 'pay', failures: 2 })))
    .handle(() => {
      throw new Error('down');
    });
  await deliver(fn, fakeMessage(1));
  expect(
    exporter
      .getFinishedSpans()[0]
      ?.events.map(({ name, attributes }) => [
        name,
        attributes?.['tradewind.name'] ?? attributes?.['exception.message'],
      ]),
  ).toEqual([
    ['retry.scheduled', 'retry'],
    ['circuit.changed', 'pay'],
    ['retry.scheduled', 'retry'],
    ['policy.refused', 'pay'],
    ['retry.stopped', 'retry'],
    ['exception', expect.stringContaining('is open')],
  ]);
});

test('1,000 concurrent invocations each have their own trace and their own events', async () => {
  const fn = defineFunction
    .use(tracing())('charge', queue({ queue: 'orders' }))
    .use(resilience(retry({ backoff: constant(1), budget: false })))
    .handle(async ({ data }, { attempt, span: own }) => {
      own?.setAttribute('order', String(data));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      if (attempt < 2) throw new Error(String(data));
    });
  const traceOf = (at: number) => at.toString(16).padStart(32, '1');
  await Promise.all(
    Array.from({ length: 1_000 }, (_, at) =>
      deliver(fn, fakeMessage(at, { id: `m-${at}`, traceparent: `00-${traceOf(at)}-${PARENT}-01` }), {
        invocationId: `i-${at}`,
      }),
    ),
  );
  const spans = exporter.getFinishedSpans();
  expect(spans).toHaveLength(1_000);
  for (const one of spans) {
    const at = Number(one.attributes.order);
    expect(one.spanContext().traceId).toBe(traceOf(at));
    expect(one.attributes['messaging.message.id']).toBe(`m-${at}`);
    expect(one.attributes['faas.invocation_id']).toBe(`i-${at}`);
    expect(one.events.map(({ name }) => name)).toEqual(['retry.scheduled']);
  }
});

test('the events of idempotency keys are events of the span', async () => {
  const fn = defineFunction
    .use(tracing())('charge', queue({ queue: 'orders' }))
    .use(idempotency({ store: memoryStore() }))
    .handle(() => {});
  await deliver(fn, fakeMessage(1));
  await deliver(fn, fakeMessage(1));
  const news = exporter
    .getFinishedSpans()
    .map(({ events }) => events.map(({ name, attributes }) => [name, attributes?.['tradewind.news']]));
  expect(news).toEqual([[['idempotency.key', 'first']], [['idempotency.key', 'replayed']]]);
});

test('without a context manager, no event is on another message’s span', async () => {
  active.disable();
  const fn = defineFunction
    .use(tracing())('charge', queue({ queue: 'orders' }))
    .use(resilience(retry({ backoff: constant(1), budget: false })))
    .handle(async ({ data }, { attempt }) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (attempt < 2 && data === 'fails') throw new Error('down');
    });
  // One invocation with several messages, like a batch.
  await Promise.all(['fails', 'fine', 'fine'].map((data, at) => deliver(fn, fakeMessage(data, { id: `m-${at}` }))));
  for (const { attributes, events } of exporter.getFinishedSpans()) {
    if (attributes['messaging.message.id'] !== 'm-0') expect(events).toEqual([]);
  }
  exporter.reset();
  await deliver(fn, fakeMessage('fails'));
  expect(exporter.getFinishedSpans()[0]?.events.map(({ name }) => name)).toEqual(['retry.scheduled']);
  active.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
