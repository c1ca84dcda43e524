import { pathToFileURL } from 'node:url';
import { bundle } from '../../test/hosts/bundle.ts';
import { type LambdaHost, type Outcome, startLambda, whyNotLambda } from '../../test/hosts/lambda-host.ts';
import { SqsStandIn } from '../../test/hosts/sqs-stand-in.ts';
import { dynamodb } from '../../test/servers/dynamodb.ts';
import { type DemoPlatform, fate, type Given, orderIn } from './platform.ts';

/** Calls a Lambda function. */
type Invoke = (event: unknown) => Promise<unknown>;

/** The entry files of the deployment, one per Lambda function. */
const ENTRIES = ['http', 'charge', 'shipped', 'nightly-report'] as const;
type Functions = Readonly<Record<(typeof ENTRIES)[number], Invoke>>;

interface Running {
  readonly host: string;
  readonly version: string;
  readonly functions: Functions;
  logs(): string;
  stop(): Promise<void>;
}

/** The app on AWS Lambda: its own runtime client or, if that cannot be built, the handlers in this process. */
export async function onLambda({ PAY_URL }: Pick<Given, 'PAY_URL'>): Promise<DemoPlatform> {
  const bundles = await Promise.all(ENTRIES.map((name) => bundle(`examples/orders/deploy/lambda/${name}.ts`, 'node')));
  const sqs = new SqsStandIn({ visibilityTimeout: 1_000 });
  const url = await sqs.listen();
  const records = await dynamodb('records');
  const env = {
    AWS_ENDPOINT_URL_SQS: url,
    AWS_ENDPOINT_URL_DYNAMODB: records.url,
    RECORDS_TABLE: 'records',
    PAY_URL,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'demo',
    AWS_SECRET_ACCESS_KEY: 'demo',
    ORDERS_URL: `${url}/123456789012/orders`,
    DEAD_LETTERS_URL: `${url}/123456789012/dead-letters`,
  };
  const why = whyNotLambda();
  if (why)
    process.stderr.write(`[tradewind] NOT the real Lambda runtime client, but the handlers in this process: ${why}.\n`);
  const running = await (why ? inProcess(bundles, env) : onClient(bundles, env));
  const { functions, logs } = running;
  const queue = async (event: unknown): Promise<Outcome> => ({
    kind: 'answered',
    value: await functions.charge(event),
    body: Buffer.from(''),
    streamed: false,
  });
  return {
    platform: 'AWS Lambda',
    host: running.host,
    version: running.version,
    delays: true,
    standIns: ['SQS and its event source mapping', 'DynamoDB'],
    async request({ method, path: whole, type, body, key }) {
      const [path, search = ''] = whole.split('?');
      const answer = (await functions.http({
        version: '2.0',
        routeKey: '$default',
        rawPath: path,
        rawQueryString: search,
        headers: {
          host: 'demo.lambda-url.us-east-1.on.aws',
          ...(type && { 'content-type': type }),
          ...(key && { 'idempotency-key': key }),
        },
        requestContext: { http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1' }, stage: '$default' },
        ...(body !== undefined && { body }),
        isBase64Encoded: false,
      })) as { statusCode: number; headers: Record<string, string>; body: string };
      const { 'content-type': contentType = '', 'idempotency-replayed': replayed } = answer.headers;
      return { status: answer.statusCode, contentType, body: answer.body, isReplayed: replayed === 'true' };
    },
    async deliver(texts) {
      const ids = texts.map((text) => sqs.send('orders-once', text));
      await sqs.poll('orders-once', queue);
      const left = new Map(sqs.messages('orders-once').map((message) => [message.id, message]));
      const outcomes = ids.map((id) => {
        const message = left.get(id);
        if (!message) return 'ack';
        return message.delayed ? 'retryLater' : 'retry';
      });
      sqs.purge('orders-once');
      return outcomes;
    },
    logs,
    async follow(orderIds) {
      await sqs.drain('orders', queue);
      const dead = sqs.messages('dead-letters').map(({ body }) => orderIn(body));
      return orderIds.map((id) => fate(id, logs(), dead));
    },
    event: ({ type, data }) =>
      succeeds(functions.shipped(eventBridge({ source: 'warehouse', 'detail-type': type, detail: data }))),
    async report(time) {
      await functions['nightly-report'](eventBridge({ source: 'aws.events', 'detail-type': 'Scheduled Event', time }));
    },
    async stop() {
      await running.stop();
      sqs.close();
      await records[Symbol.asyncDispose]();
    },
  };
}

async function onClient(bundles: readonly string[], env: Readonly<Record<string, string>>): Promise<Running> {
  const hosts = await Promise.all(bundles.map((bundled) => startLambda(bundled, env)));
  const invoke =
    (host: LambdaHost): Invoke =>
    async (event) => {
      const outcome = await host.invoke(event);
      if (outcome.kind === 'answered') return outcome.value;
      throw new Error(outcome.kind === 'failed' ? outcome.error.errorMessage : outcome.reason);
    };
  return {
    host: 'aws-lambda-ric',
    version: hosts[0]?.version ?? '',
    functions: named(hosts.map(invoke)),
    logs: () => hosts.map((host) => host.logs()).join(''),
    async stop() {
      await Promise.all(hosts.map((host) => host.stop()));
    },
  };
}

async function inProcess(bundles: readonly string[], env: Readonly<Record<string, string>>): Promise<Running> {
  Object.assign(process.env, env);
  let logs = '';
  const { info } = console;
  console.info = (line: string) => {
    logs += `${line}\n`;
  };
  const handlers = await Promise.all(
    bundles.map(async (bundled) => {
      const { handler } = (await import(pathToFileURL(bundled).href)) as {
        handler: (event: unknown, context: object) => Promise<unknown>;
      };
      return (event: unknown) => handler(event, { awsRequestId: 'demo', getRemainingTimeInMillis: () => 30_000 });
    }),
  );
  return {
    host: 'in process (runtime client not built)',
    version: process.version,
    functions: named(handlers),
    logs: () => logs,
    async stop() {
      console.info = info;
    },
  };
}

function named(invokes: readonly Invoke[]): Functions {
  return Object.fromEntries(ENTRIES.map((name, index) => [name, invokes[index]])) as unknown as Functions;
}

async function succeeds(run: Promise<unknown>): Promise<boolean> {
  return run.then(
    () => true,
    () => false,
  );
}

function eventBridge(own: object): object {
  return {
    version: '0',
    id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
    account: '123456789012',
    time: '2026-01-01T00:00:00Z',
    region: 'us-east-1',
    resources: [],
    detail: {},
    ...own,
  };
}
