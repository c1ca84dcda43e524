import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { bundle } from '../test/hosts/bundle.ts';
import { type Outcome, startLambda, whyNotLambda } from '../test/hosts/lambda-host.ts';
import { startNode } from '../test/hosts/node-host.ts';
import { SqsStandIn } from '../test/hosts/sqs-stand-in.ts';
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
  /** What became of each message of one batch: `ack`, `retry` or `retryLater`. Absent where there are no queues. */
  deliver?(messages: readonly unknown[]): Promise<readonly string[]>;
  /** What became of each order that was placed: `charged`, or `dead`. Absent where nothing is charged. */
  follow?(orderIds: readonly string[]): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/** Calls a Lambda function. */
type Invoke = (event: unknown) => Promise<unknown>;

/** Which orders were charged, by what the function logged. */
function charged(logs: string): ReadonlySet<string> {
  return new Set(Array.from(logs.matchAll(/"message":"Order charged\..*?"orderId":"([^"]+)"/g), ([, id = '']) => id));
}

function variables(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_SQS: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'demo',
    AWS_SECRET_ACCESS_KEY: 'demo',
    ORDERS_URL: `${url}/123456789012/orders`,
    DEAD_LETTERS_URL: `${url}/123456789012/dead-letters`,
  };
}

/** Sends a request over the loopback. */
async function over(
  host: { fetch(path: string, init?: RequestInit): Promise<Response> },
  { method, path, body }: DemoRequest,
): Promise<DemoAnswer> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await host.fetch(path, { method, headers, body: body ?? null });
  const contentType = response.headers.get('content-type') ?? '';
  return { status: response.status, contentType, body: await response.text() };
}

/** The HTTP part of the app on a server of Node's, as a container runs it; the queue is where it was. */
export async function onNode(): Promise<DemoPlatform> {
  const sqs = new SqsStandIn();
  const env = { ...variables(await sqs.listen()), PORT: '0' };
  const host = await startNode(await bundle('examples/orders/deploy/node.ts', 'node'), env);
  return {
    platform: 'Node',
    host: 'node:http',
    version: process.version,
    request: (request) => over(host, request),
    async stop() {
      await host.stop();
      sqs.close();
    },
  };
}

/** The app on AWS Lambda: its own runtime client, or, where that cannot be built, the handlers in this process. */
export async function onLambda(): Promise<DemoPlatform> {
  const http = await bundle('examples/orders/deploy/lambda/http.ts', 'node');
  const queue = await bundle('examples/orders/deploy/lambda/charge.ts', 'node');
  const sqs = new SqsStandIn({ visibilityTimeout: 1_000 });
  const url = await sqs.listen();
  const env = variables(url);
  const why = whyNotLambda();
  if (why) {
    process.stderr.write(`[tradewind] NOT the real Lambda runtime client, but the handlers in this process: ${why}.\n`);
    Object.assign(process.env, env);
    let logs = '';
    const info = console.info;
    console.info = (line: string) => {
      logs += `${line}\n`;
    };
    const invokes = [await inProcess(http), await inProcess(queue)] as const;
    return lambdaPlatform(
      'in process (runtime client not built)',
      process.version,
      invokes,
      sqs,
      () => logs,
      async () => {
        console.info = info;
      },
    );
  }
  const hosts = [await startLambda(http, env), await startLambda(queue, env)] as const;
  const invokes = hosts.map((host) => async (event: unknown) => {
    const outcome = await host.invoke(event);
    if (outcome.kind === 'answered') return outcome.value;
    throw new Error(outcome.kind === 'failed' ? outcome.error.errorMessage : outcome.reason);
  }) as unknown as readonly [Invoke, Invoke];
  return lambdaPlatform(
    'aws-lambda-ric',
    hosts[0].version,
    invokes,
    sqs,
    () => hosts[1].logs(),
    async () => {
      await Promise.all(hosts.map((host) => host.stop()));
    },
  );
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
  sqs: SqsStandIn,
  logs: () => string,
  stop: () => Promise<void>,
): DemoPlatform {
  const answered = async (event: unknown): Promise<Outcome> => {
    const value = await queue(event);
    return { kind: 'answered', value, body: Buffer.from(''), streamed: false };
  };
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
      const ids = messages.map((message) => sqs.send('orders-once', message));
      await sqs.poll('orders-once', answered);
      const left = new Map(sqs.messages('orders-once').map((message) => [message.id, message]));
      const outcomes = ids.map((id) => {
        const message = left.get(id);
        if (!message) return 'ack';
        return message.delayed ? 'retryLater' : 'retry';
      });
      sqs.purge('orders-once');
      return outcomes;
    },
    async follow(orderIds) {
      await sqs.drain('orders', answered);
      const dead = sqs.messages('dead-letters').map(({ body }) => JSON.parse(body).data.event.id as string);
      return orderIds.map((id) => fate(id, charged(logs()), dead));
    },
    async stop() {
      await stop();
      sqs.close();
    },
  };
}

function fate(orderId: string, done: ReadonlySet<string>, dead: readonly string[]): string {
  if (dead.includes(orderId)) return 'dead';
  return done.has(orderId) ? 'charged' : 'lost';
}

/** The app on Cloudflare Workers: workerd itself. */
export async function onWorkers(): Promise<DemoPlatform> {
  const bundled = await bundle('examples/orders/deploy/cloudflare.ts', 'workers');
  const host = await startWorkers(bundled, {}, { ORDERS: 'orders', DEAD_LETTERS: 'sink' });
  return {
    platform: 'Cloudflare Workers',
    host: 'workerd',
    version: host.version,
    request: (request) => over(host, request),
    async deliver(messages) {
      const { explicitAcks, retryMessages } = await host.deliver('orders', messages);
      const retried = new Map(retryMessages.map((message) => [message.msgId, message]));
      return messages.map((_, index) => {
        const id = `m-${index + 1}`;
        const message = retried.get(id);
        if (message) return message.delaySeconds ? 'retryLater' : 'retry';
        return explicitAcks.includes(id) ? 'ack' : 'unmarked';
      });
    },
    async follow(orderIds) {
      const end = Date.now() + 20_000;
      for (;;) {
        const dead = ((await host.sink()) as { data: { event: { id: string } } }[]).map(({ data }) => data.event.id);
        const fates = orderIds.map((id) => fate(id, charged(host.logs()), dead));
        if (!fates.includes('lost') || Date.now() > end) return fates;
        await sleep(50);
      }
    },
    stop: () => host.stop(),
  };
}
