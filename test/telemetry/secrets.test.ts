// Secrets are in no log line, span, metric or response: all output is searched for them.

import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { defineFunction, envProvider, http, json, queue, reject } from '@tradewind/core';
import { deliver, fakeHttp, fakeMessage, invoke, memory } from '@tradewind/core/testing';
import { resilience, retry } from '@tradewind/resilience';
import { metrics, tracing } from '@tradewind/telemetry';
import { emf } from '@tradewind/telemetry/emf';
import { jsonLogger } from '@tradewind/telemetry/logging';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';

const SECRETS = {
  // Like a PEM key: with characters that JSON escapes.
  env: '"env-s3cr3t"\nvalue',
  authorization: 'Bearer header-s3cr3t',
  cookie: 'session=cookie-s3cr3t',
  iban: 'DE00-s3cr3t',
};

let said: string[];
beforeEach(() => {
  said = [];
  exporter.reset();
  measured.reset();
  for (const level of ['log', 'debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line) => void said.push(String(line)));
  }
});
afterEach(() => vi.restoreAllMocks());

const exporter = new InMemorySpanExporter();
const measured = new InMemoryMetricExporter(AggregationTemporality.DELTA);
const meters = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter: measured, exportIntervalMillis: 3_600_000 })],
});
afterAll(() => meters.shutdown());
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const fn = defineFunction
  .env(z.object({ PAY_KEY: z.string() }))
  .logger(jsonLogger({ level: 'debug', redact: ['order.iban', '**.iban'] }))
  .use(tracing({ provider }))
  .use(metrics({ provider: meters }))
  .use(emf({ namespace: 'Shop' }));
const wiring = { env: { PAY_KEY: envProvider(() => SECRETS.env) } };

/** All output that anybody can read. */
async function everything(...more: unknown[]): Promise<string> {
  await meters.forceFlush();
  const spans = exporter
    .getFinishedSpans()
    .map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links }));
  return [...said, JSON.stringify(spans), JSON.stringify(measured.getMetrics()), JSON.stringify(more)].join('\n');
}

function hidesAll(text: string): void {
  expect(text).not.toMatch(/s3cr3t/);
  expect(text).not.toContain(Buffer.from(SECRETS.env).toString('base64').slice(0, 12));
  // Without any spans, metrics and lines the test would prove nothing.
  for (const part of ['tradewind.function', 'faas.invocations', '"Namespace":"Shop"', '"level":']) {
    expect(text).toContain(part);
  }
}

test('of a request that fails with the secret all over its error', async () => {
  const pay = fn('pay', http({ method: 'POST', path: '/pay' }))
    .use(resilience(retry({ attempts: 2, backoff: () => 0 })))
    .handle(({ headers, body }, { env, log }) => {
      log.info('Paying.', { headers: Object.fromEntries(headers), order: body, key: env.PAY_KEY });
      log
        .child({ order: body, authorization: headers.get('authorization') })
        .debug('More.', { cookie: headers.get('cookie') });
      throw new Error(`The key ${env.PAY_KEY} was refused.`, {
        cause: { iban: SECRETS.iban, authorization: SECRETS.authorization },
      });
    });
  const { authorization, cookie, iban } = SECRETS;
  const answer = await invoke(pay, fakeHttp({ headers: { authorization, cookie }, body: { iban } }) as never, {
    wiring,
  });
  expect(answer.status).toBe(500);
  hidesAll(await everything(answer));
});

test('of a message that becomes a dead letter because of such an error', async () => {
  const sink = memory();
  const charge = fn('charge', queue({ queue: 'orders' })).handle(({ data }, { env, log }) => {
    log.warn(`Charging with ${env.PAY_KEY}.`, {
      data,
      key: JSON.stringify({ inner: JSON.stringify({ key: env.PAY_KEY }) }),
    });
    throw reject(new Error(`Basic ${btoa(env.PAY_KEY)} was refused.`, { cause: { key: env.PAY_KEY } }));
  });
  // A dead letter contains the message as it arrived, whatever is in it.
  const delivered = await deliver(charge, fakeMessage({ orderId: 'o-1' }), {
    wiring: { ...wiring, deadLetter: sink },
  });
  expect(delivered).toMatchObject({ outcome: 'reject', done: true });
  expect(sink.sent).toHaveLength(1);
  hidesAll(await everything(sink.sent));
});

test('of an error whose message is the secret', async () => {
  const pay = fn('pay', http({ method: 'POST', path: '/pay' })).handle((_event, { env }) => {
    if (env.PAY_KEY)
      throw Object.assign(new Error(env.PAY_KEY), { response: { headers: { authorization: env.PAY_KEY } } });
    return json(200, {});
  });
  hidesAll(await everything(await invoke(pay, fakeHttp(), { wiring })));
});

test.each<[string, (key: string) => unknown]>([
  ['an object with a text of its own', (key) => ({ toString: () => key })],
  ['a symbol', (key) => Symbol(key)],
  ['the secret itself', (key) => key],
])('of what is thrown and is no error: %s', async (_what, thrown) => {
  const pay = fn('pay', http({ method: 'POST', path: '/pay' })).handle((_event, { env }) => {
    throw thrown(env.PAY_KEY);
  });
  hidesAll(await everything(await invoke(pay, fakeHttp(), { wiring })));
});
