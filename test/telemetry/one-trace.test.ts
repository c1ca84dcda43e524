import { expect, test } from 'vitest';
import { bundle } from '../hosts/bundle.ts';
import { startLambda, whyNotLambda } from '../hosts/lambda-host.ts';
import { startNode } from '../hosts/node-host.ts';
import { startWorkers } from '../hosts/workers-host.ts';
import type { LoggedSpan } from './logged-spans.ts';

/** What an app has logged after a word, once it is there. */
async function logged<T>(logs: () => string, word: 'SPAN' | 'SENT'): Promise<T> {
  for (let look = 0; look < 100; look++) {
    const [, json] = new RegExp(`\\b${word} (\\{.*\\})$`, 'm').exec(logs()) ?? [];
    if (json) return JSON.parse(json) as T;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`No ${word} in: ${logs()}`);
}

const CLIENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };

test('one order is one trace: HTTP on Node, a queue on workerd, another queue on Lambda’s client', async () => {
  const node = await startNode(await bundle('test/telemetry/node-app.ts', 'node'), { PORT: '0' });
  const workers = await startWorkers(await bundle('test/telemetry/workers-app.ts', 'workers'));
  const lambda = whyNotLambda()
    ? undefined
    : await startLambda(await bundle('test/telemetry/lambda-app.ts', 'node'), {});
  try {
    const headers = {
      'content-type': 'application/json',
      traceparent: `00-${CLIENT.traceId}-${CLIENT.spanId}-01`,
      tracestate: 'vendor=1',
    };
    const answer = await node.fetch('/orders', { method: 'POST', headers, body: '{"orderId":"o-1"}' });
    expect(answer.status).toBe(202);
    const placed = await logged<LoggedSpan>(node.logs, 'SPAN');
    expect(placed).toMatchObject({
      name: 'POST /orders',
      traceId: CLIENT.traceId,
      parent: CLIENT.spanId,
      state: 'vendor=1',
    });
    expect(placed.attributes).toMatchObject({ 'tradewind.platform': 'node', 'http.response.status_code': 202 });

    const order = await logged<object>(node.logs, 'SENT');
    expect((await workers.deliver('orders', [order])).explicitAcks).toHaveLength(1);
    const charged = await logged<LoggedSpan>(workers.logs, 'SPAN');
    expect(charged).toMatchObject({
      name: 'process orders',
      traceId: CLIENT.traceId,
      parent: placed.spanId,
      state: 'vendor=1',
    });
    expect(charged.attributes).toMatchObject({
      'tradewind.platform': 'cloudflare',
      'messaging.system': 'cloudflare_queues',
    });

    if (!lambda) return;
    const shipment = await logged<object>(workers.logs, 'SENT');
    const record = {
      messageId: 'm-1',
      body: JSON.stringify(shipment),
      receiptHandle: 'r',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:shipments',
      attributes: { ApproximateReceiveCount: '2' },
      messageAttributes: {},
    };
    await lambda.invoke({ Records: [record] });
    const shipped = await logged<LoggedSpan>(lambda.logs, 'SPAN');
    expect(shipped).toMatchObject({ name: 'process shipments', traceId: CLIENT.traceId, parent: charged.spanId });
    expect(shipped.attributes).toMatchObject({ 'tradewind.platform': 'lambda', 'tradewind.delivery_attempt': 2 });
  } finally {
    await Promise.all([node.stop(), workers.stop(), lambda?.stop()]);
  }
});
