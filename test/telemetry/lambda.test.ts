// What the platform itself reports about an invocation.
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { lambda } from '@tradewind/adapters/lambda';
import { defineFunction, http, json } from '@tradewind/core';
import { tracing } from '@tradewind/telemetry';
import { beforeEach, expect, test, vi } from 'vitest';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
beforeEach(() => exporter.reset());

const place = defineFunction
  .use(tracing({ provider }))('place', http({ method: 'POST', path: '/orders/:id' }))
  .handle(() => json(202, {}));
const post = (rawPath: string) =>
  lambda(place)({ version: '2.0', rawPath, headers: {}, requestContext: { http: { method: 'POST' } } }, {} as never);
const span = () => exporter.getFinishedSpans()[0];

test('a path that does not match the function’s is no route', async () => {
  expect(await post('/nope/1')).toMatchObject({ statusCode: 404 });
  expect(span()?.name).toBe('POST');
  expect(span()?.attributes).not.toHaveProperty('http.route');
  expect(span()?.attributes['url.scheme']).toBe('https');
});

test.each([
  ['0', undefined],
  ['1', TRACE],
])('a trace that Lambda has started is used if it is sampled: %s', async (sampled, trace) => {
  vi.stubEnv('_X_AMZN_TRACE_ID', `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=${PARENT};Sampled=${sampled}`);
  await post('/orders/7');
  expect(span()?.parentSpanContext?.traceId).toBe(trace);
  vi.unstubAllEnvs();
});
