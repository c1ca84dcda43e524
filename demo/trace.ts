import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fakePayments } from '../examples/orders/fake-payments.ts';
import { bundle, ROOT } from '../test/hosts/bundle.ts';
import { startLambda } from '../test/hosts/lambda-host.ts';
import { SqsStandIn } from '../test/hosts/sqs-stand-in.ts';
import { startWorkers } from '../test/hosts/workers-host.ts';
import { dynamodb } from '../test/servers/dynamodb.ts';
import { spansIn } from '../test/telemetry/logged-spans.ts';
import { inSvg, inText } from './waterfall.ts';

const ORDER = { orderId: 'o-1', items: [{ sku: 'tea', qty: 2 }] };
const TRACE = '0af7651916cd43dd8448eb211c80319c';

/**
 * Places an order over HTTP on Lambda's client, moves its message to workerd, where it is charged after one failure of
 * the payment service, and draws the resulting trace.
 */
export async function showTrace(progress: (text: string) => void): Promise<void> {
  progress('starting Lambda’s client and workerd');
  await using payments = await fakePayments();
  await using records = await dynamodb('records');
  await using stack = new AsyncDisposableStack();
  const sqs = new SqsStandIn();
  const url = await sqs.listen();
  stack.defer(() => sqs.close());
  const lambda = await startLambda(await bundle('demo/traced/lambda.ts', 'node'), {
    AWS_ENDPOINT_URL_SQS: url,
    AWS_ENDPOINT_URL_DYNAMODB: records.url,
    RECORDS_TABLE: 'records',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'demo',
    AWS_SECRET_ACCESS_KEY: 'demo',
    ORDERS_URL: `${url}/123456789012/orders`,
    PAY_URL: payments.url,
  });
  stack.defer(() => lambda.stop());
  const workers = await startWorkers(
    await bundle('demo/traced/workers.ts', 'workers'),
    { PAY_URL: payments.url },
    { ORDERS: 'orders', DEAD_LETTERS: 'sink' },
    { RECORDS: 'IdempotencyObject' },
  );
  stack.defer(() => workers.stop());

  progress('placing the order on AWS');
  await lambda.invoke({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/orders',
    rawQueryString: '',
    headers: { 'content-type': 'application/json', traceparent: `00-${TRACE}-b7ad6b7169203331-01` },
    requestContext: { http: { method: 'POST', path: '/orders' } },
    body: JSON.stringify(ORDER),
    isBase64Encoded: false,
  });
  const [message] = sqs.messages('orders');
  if (!message) throw new Error('The order is not on the queue.');

  progress('charging it on Cloudflare');
  payments.isOut = true;
  const charged = workers.deliver('orders', [JSON.parse(message.body)]);
  // The payment service fails once, and the second attempt succeeds.
  const back = async (): Promise<void> => {
    for (let look = 0; look < 5_000 && payments.asked.length === 0; look++) await sleep(1);
    payments.isOut = false;
  };
  await Promise.all([charged, back()]);
  const logs = (): string => `${lambda.logs()}\n${workers.logs()}`;
  for (let look = 0; look < 100 && spansIn(logs()).length < 2; look++) await sleep(20);

  const spans = spansIn(logs()).filter(({ traceId }) => traceId === TRACE);
  const path = join(ROOT, '.cache/trace.svg');
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  writeFileSync(path, inSvg(spans));
  console.log(inText(spans));
  console.log(`\nAs a picture: ${path}`);
  if (spans.length < 2) throw new Error('The trace of the order must have at least two spans.');
}
