import { afterAll, describe, expect, test, vi } from 'vitest';
import { bundle } from './bundle.ts';
import { type LambdaHost, type Outcome, startLambda, whyNotLambda } from './lambda-host.ts';
import { toV2 } from './requests.ts';

const why = whyNotLambda();
if (why)
  process.stderr.write(
    `\n  !! The real Lambda runtime client is MISSING, so nothing here shows that it works: ${why}\n\n`,
  );

test.runIf(process.env.CI)('the runtime client is there', () => {
  expect(why).toBeUndefined();
});

const hosts: LambdaHost[] = [];
const on = async (app: string, env: Readonly<Record<string, string>> = {}): Promise<LambdaHost> => {
  const host = await startLambda(await bundle(`test/hosts/apps/${app}.ts`, 'node'), { GREETING: 'hello', ...env });
  hosts.push(host);
  return host;
};
afterAll(async () => {
  await Promise.all(hosts.map((host) => host.stop()));
});

const get = (path: string, search = ''): object => toV2({ name: '', method: 'GET', path, search });
const value = (outcome: Outcome): unknown => (outcome.kind === 'answered' ? outcome.value : outcome);

describe.skipIf(why)('a queue function on the real Lambda client', async () => {
  const host = why ? undefined : await on('lambda-queue');
  const record = (messageId: string, body: unknown, more: object = {}): object => ({
    messageId,
    receiptHandle: 'r',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: '1700000000000' },
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:orders',
    awsRegion: 'us-east-1',
    ...more,
  });
  const good = (id: string): object => ({ id, does: 'good' });
  const bad = (id: string): object => ({ id, does: 'fail' });

  test('reports the messages that failed, and no others', async () => {
    const Records = [record('a', good('1')), record('b', bad('2')), record('c', 'no JSON'), record('d', good('4'))];
    expect(value(await host!.invoke({ Records }))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'c' }],
    });
  });

  test('keeps the order of a FIFO group', async () => {
    const fifo = (id: string, group: string, body: object): object =>
      record(id, body, {
        eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:orders.fifo',
        attributes: { ApproximateReceiveCount: '1', MessageGroupId: group },
      });
    const Records = [fifo('a', 'x', bad('1')), fifo('b', 'y', good('2')), fifo('c', 'x', good('3'))];
    expect(value(await host!.invoke({ Records }))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'c' }],
    });
  });

  test('fails the whole batch if a message has no id', async () => {
    const outcome = await host!.invoke({ Records: [record('a', good('1')), record('', good('2'))] });
    expect(outcome).toMatchObject({ kind: 'failed', error: { errorType: 'FunctionError' } });
  });

  test('fails an HTTP event', async () => {
    expect(await host!.invoke(get('/'))).toMatchObject({ kind: 'failed' });
  });
});

describe.skipIf(why)('an HTTP function on the real Lambda client', async () => {
  const host = why ? undefined : await on('lambda-http');

  test.each([
    ['SQS messages', { Records: [{ eventSource: 'aws:sqs', messageId: 'm', body: '{}' }] }],
    ['an S3 notification', { Records: [{ eventSource: 'aws:s3', s3: {} }] }],
    ['an EventBridge event', { source: 'aws.ec2', 'detail-type': 'x', detail: {} }],
    ['null', null],
    ['a string', 'x'],
  ])('%s fail the invocation: an answer would lose them', async (_name, event) => {
    const outcome = await host!.invoke(event);
    expect(outcome).toMatchObject({ kind: 'failed', error: { errorType: 'FunctionError' } });
  });

  test('responds only when background work is done, because the instance freezes then', async () => {
    await host!.invoke(get('/later'));
    expect(value(await host!.invoke(get('/later')))).toMatchObject({ body: '{"done":1}' });
  });

  test('a process that ends, and a handler that never settles, are noticed, and the next call is served', async () => {
    const exits = await on('lambda-exits');
    expect(await exits.invoke(get('/', 'how=exit'))).toMatchObject({ kind: 'crashed' });
    expect(await exits.invoke(get('/', 'how=never'), { timeout: 600 })).toMatchObject({ kind: 'crashed' });
    expect(value(await exits.invoke(get('/')))).toMatchObject({ statusCode: 200 });
  });
});

describe.skipIf(why)('response streaming on the real Lambda client', async () => {
  const host = why ? undefined : await on('lambda-stream');
  const NULS = Buffer.alloc(8);
  const read = (outcome: Outcome): { prelude: unknown; body: string } => {
    if (outcome.kind !== 'answered') throw new Error(JSON.stringify(outcome));
    const end = outcome.body.indexOf(NULS);
    return {
      prelude: JSON.parse(outcome.body.subarray(0, end).toString()),
      body: outcome.body.subarray(end + NULS.length).toString(),
    };
  };

  test('status and headers are sent before the body', async () => {
    const outcome = await host!.invoke(get('/streamed'));
    expect(outcome).toMatchObject({ kind: 'answered', streamed: true });
    expect(read(outcome)).toEqual({
      prelude: { statusCode: 200, headers: { 'content-type': 'text/plain' }, cookies: [] },
      body: 'one two three',
    });
  });

  test('a response without a body still has its status and headers', async () => {
    expect(read(await host!.invoke(get('/nothing')))).toMatchObject({ prelude: { statusCode: 204 }, body: '' });
  });

  test('plain answers, cookies and errors work too', async () => {
    expect(read(await host!.invoke(get('/gone')))).toMatchObject({ prelude: { statusCode: 410 } });
    const posted = toV2({
      name: '',
      method: 'POST',
      path: '/echo/x',
      headers: { 'content-type': 'text/plain' },
      body: 'hi',
    });
    const { prelude } = read(await host!.invoke(posted));
    expect((prelude as { cookies: string[] }).cookies).toHaveLength(2);
  });

  test('a body that fails midway fails the invocation', async () => {
    expect(await host!.invoke(get('/broken'))).toMatchObject({ kind: 'failed' });
    expect(read(await host!.invoke(get('/nothing')))).toMatchObject({ prelude: { statusCode: 204 } });
  });
});

describe.skipIf(why)('log lines on the real Lambda client', () => {
  /** The lines that CloudWatch receives, once both invocations have written their metrics. */
  const lines = async (env: Readonly<Record<string, string>>): Promise<string[]> => {
    const host = await on('lambda-lines', env);
    for (const path of ['/default', '/sampled']) await host.invoke(get(path));
    const read = (): string[] => host.logs().split('\n').filter(Boolean);
    await vi.waitUntil(() => read().filter((line) => line.includes('CloudWatchMetrics')).length === 2);
    return read();
  };

  test.each(['TRACE', 'WARN'])('are separate JSON objects in the JSON format, with the level %s', async (level) => {
    const all = await lines({ AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: level });
    const timestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    const metrics = { _aws: { CloudWatchMetrics: [{ Namespace: 'Shop' }] }, Invocations: 1 };
    expect(all.map((line) => JSON.parse(line))).toMatchObject([
      { timestamp, level: 'error', message: 'Said.', function: 'by-default', order: 1 },
      metrics,
      { timestamp, level: 'debug', message: 'Said.', function: 'sampled', order: 2 },
      metrics,
    ]);
  });

  test('are the console’s in the text format, which puts the request’s id before them', async () => {
    const all = await lines({});
    expect(all).toHaveLength(4);
    for (const line of all) expect(line).toMatch(/^[\d:.TZ-]+\t00000000-[\w-]+\t[A-Z]+\t\{.*\}$/);
  });
});
