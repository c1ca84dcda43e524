import { pathToFileURL } from 'node:url';
import { bundle } from '../test/hosts/bundle.ts';
import { startLambda, whyNotLambda } from '../test/hosts/lambda-host.ts';
import { startWorkers } from '../test/hosts/workers-host.ts';
import type { DemoRequest } from './cases.ts';

/** What an HTTP client would see. */
export interface DemoAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The orders app, running somewhere. */
export interface DemoPlatform {
  readonly platform: string;
  readonly host: string;
  readonly version: string;
  request(request: DemoRequest): Promise<DemoAnswer>;
  /** What became of each message of one batch: `ack` or `retry`. */
  deliver(messages: readonly unknown[]): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Calls a Lambda function. */
type Invoke = (event: unknown) => Promise<unknown>;

/** The app on AWS Lambda: its own runtime client, or, where that cannot be built, the handlers in this process. */
export async function onLambda(): Promise<DemoPlatform> {
  const http = await bundle('examples/orders/deploy/lambda/http.ts', 'node');
  const queue = await bundle('examples/orders/deploy/lambda/charge.ts', 'node');
  const why = whyNotLambda();
  if (why) {
    process.stderr.write(`[tradewind] NOT the real Lambda runtime client, but the handlers in this process: ${why}.\n`);
    const invokes = [await inProcess(http), await inProcess(queue)] as const;
    return lambdaPlatform('in process (runtime client not built)', process.version, invokes, async () => {});
  }
  const hosts = [await startLambda(http), await startLambda(queue)] as const;
  const invokes = hosts.map((host) => async (event: unknown) => {
    const outcome = await host.invoke(event);
    if (outcome.kind === 'answered') return outcome.value;
    throw new Error(outcome.kind === 'failed' ? outcome.error.errorMessage : outcome.reason);
  }) as unknown as readonly [Invoke, Invoke];
  return lambdaPlatform('aws-lambda-ric', hosts[0].version, invokes, async () => {
    await Promise.all(hosts.map((host) => host.stop()));
  });
}

async function inProcess(bundled: string): Promise<Invoke> {
  const { handler } = (await import(pathToFileURL(bundled).href)) as {
    handler: (event: unknown, context: object) => Promise<unknown>;
  };
  return (event) => handler(event, { awsRequestId: 'demo', getRemainingTimeInMillis: () => 30_000 });
}

function lambdaPlatform(
  host: string,
  version: string,
  [http, queue]: readonly [Invoke, Invoke],
  stop: () => Promise<void>,
): DemoPlatform {
  return {
    platform: 'AWS Lambda',
    host,
    version,
    async request({ method, path, body }) {
      const answer = (await http({
        version: '2.0',
        routeKey: '$default',
        rawPath: path,
        rawQueryString: '',
        headers: { host: 'demo.lambda-url.us-east-1.on.aws', ...(body && { 'content-type': 'application/json' }) },
        requestContext: { http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1' }, stage: '$default' },
        ...(body !== undefined && { body }),
        isBase64Encoded: false,
      })) as { statusCode: number; headers: Record<string, string>; body: string };
      return { status: answer.statusCode, contentType: answer.headers['content-type'] ?? '', body: answer.body };
    },
    async deliver(messages) {
      const ids = messages.map((_, index) => `m-${index + 1}`);
      const { batchItemFailures } = (await queue({
        Records: messages.map((message, index) => ({
          messageId: ids[index],
          receiptHandle: 'demo',
          body: JSON.stringify(message),
          attributes: { ApproximateReceiveCount: '1', SentTimestamp: '0' },
          messageAttributes: {},
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:orders',
          awsRegion: 'us-east-1',
        })),
      })) as { batchItemFailures: { itemIdentifier: string }[] };
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      return ids.map((id) => (failed.has(id) ? 'retry' : 'ack'));
    },
    stop,
  };
}

/** The app on Cloudflare Workers: workerd itself. */
export async function onWorkers(): Promise<DemoPlatform> {
  const host = await startWorkers(await bundle('examples/orders/deploy/cloudflare.ts', 'workers'));
  return {
    platform: 'Cloudflare Workers',
    host: 'workerd',
    version: host.version,
    async request({ method, path, body }) {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const response = await host.fetch(path, { method, headers, body: body ?? null });
      const contentType = response.headers.get('content-type') ?? '';
      return { status: response.status, contentType, body: await response.text() };
    },
    async deliver(messages) {
      const { explicitAcks, retryMessages } = await host.deliver('orders', messages);
      const retried = new Set(retryMessages.map(({ msgId }) => msgId));
      return messages.map((_, index) => {
        const id = `m-${index + 1}`;
        if (retried.has(id)) return 'retry';
        return explicitAcks.includes(id) ? 'ack' : 'unmarked';
      });
    },
    stop: () => host.stop(),
  };
}
