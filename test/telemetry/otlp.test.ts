import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundle } from '../hosts/bundle.ts';
import { startLambda, whyNotLambda } from '../hosts/lambda-host.ts';
import { startNode } from '../hosts/node-host.ts';
import { startWorkers } from '../hosts/workers-host.ts';

interface Exported {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string }[] }[];
  }[];
}

/** The names of the spans that came over OTLP. */
let names: string[] = [];
const collector = createServer(async (request, response) => {
  const { resourceSpans } = (await json(request)) as Exported;
  names.push(
    ...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name))),
  );
  response.setHeader('content-type', 'application/json').end('{}');
});
let url = '';
beforeAll(async () => {
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});
afterAll(() => collector.close());
beforeEach(() => {
  names = [];
});

describe('the OTLP exporter sends the span of a request that has ended', () => {
  test('on Node', async () => {
    const host = await startNode(await bundle('test/telemetry/otlp-node-app.ts', 'node'), {
      PORT: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
    });
    try {
      expect((await host.fetch('/hello/ada')).status).toBe(200);
      await expect.poll(() => names, { timeout: 5_000 }).toEqual(['GET /hello/:name']);
    } finally {
      await host.stop();
    }
  });

  test('on workerd', async () => {
    const host = await startWorkers(await bundle('test/telemetry/otlp-worker-app.ts', 'workers'), { COLLECTOR: url });
    try {
      expect((await host.fetch('/hello/ada')).status).toBe(200);
      await expect.poll(() => names, { timeout: 5_000 }).toEqual(['GET /hello/:name']);
    } finally {
      await host.stop();
    }
  });

  test.skipIf(whyNotLambda())('on Lambda’s client, before it answers', async () => {
    const host = await startLambda(await bundle('test/telemetry/otlp-lambda-app.ts', 'node'), {
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
    });
    try {
      await host.invoke({
        version: '2.0',
        rawPath: '/hello/ada',
        rawQueryString: '',
        headers: {},
        requestContext: { http: { method: 'GET', path: '/hello/ada' } },
        isBase64Encoded: false,
      });
      expect(names).toEqual(['GET /hello/:name']);
    } finally {
      await host.stop();
    }
  });
});
