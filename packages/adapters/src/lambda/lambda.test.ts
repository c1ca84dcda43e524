import { EventEmitter } from 'node:events';
import {
  beforeParsing,
  bytes,
  cookie,
  defineFunction,
  empty,
  FunctionError,
  type HttpEvent,
  http,
  json,
  queue,
  reply,
  text,
} from '@tradewind/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { lambda as onlyHttp } from './http-only.js';
import { lambda, lambdaStream, on } from './index.js';
import { lambda as onlyQueue } from './queue-only.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const context = { awsRequestId: 'id', getRemainingTimeInMillis: () => 30_000 };

interface Answer {
  statusCode: number;
  headers?: Record<string, string>;
  multiValueHeaders?: Record<string, string[]>;
  cookies?: string[];
  body: string;
  isBase64Encoded: boolean;
  statusDescription?: string;
}

const v2 = (more: Record<string, unknown> = {}, method = 'POST', stage = '$default'): object => ({
  version: '2.0',
  rawPath: '/x',
  rawQueryString: '',
  headers: { host: 'a.example', 'content-type': 'application/json' },
  requestContext: { http: { method, path: '/x' }, stage },
  isBase64Encoded: false,
  ...more,
});
const v1 = (more: Record<string, unknown> = {}): object => ({
  httpMethod: 'POST',
  path: '/x',
  headers: null,
  multiValueHeaders: null,
  queryStringParameters: null,
  multiValueQueryStringParameters: null,
  requestContext: { stage: 'prod' },
  body: null,
  isBase64Encoded: false,
  ...more,
});
const alb = (more: Record<string, unknown> = {}): object =>
  v1({ requestContext: { elb: { targetGroupArn: 'arn' } }, headers: {}, multiValueHeaders: undefined, ...more });

async function call(handler: ReturnType<typeof lambda>, event: unknown): Promise<Answer> {
  return (await handler(event, context)) as Answer;
}

const post = http({ method: 'POST', path: '/x' });
const look = (see: (event: HttpEvent) => unknown) =>
  lambda(define('f', post).handle((event) => json(200, see(event as HttpEvent))));

describe('a request', () => {
  test('of version 2 has its stage removed from its path', async () => {
    const handler = look(({ path }) => path);
    expect((await call(handler, v2({ rawPath: '/prod/x' }, 'POST', 'prod'))).body).toBe('"/x"');
    expect((await call(handler, v2({ rawPath: '/production/x' }, 'POST', 'prod'))).statusCode).toBe(404);
  });

  test('has its query encoded once', async () => {
    const handler = look(({ query }) => query);
    const decoded = { 'a b': ['x&y', '1=1'], plus: ['+'] };
    expect(JSON.parse((await call(handler, v1({ multiValueQueryStringParameters: decoded }))).body)).toEqual({
      'a b': ['x&y', '1=1'],
      plus: '+',
    });
    const encoded = { 'a%20b': 'x%26y', plus: '%2B' };
    expect(JSON.parse((await call(handler, alb({ queryStringParameters: encoded }))).body)).toEqual({
      'a b': 'x&y',
      plus: '+',
    });
    expect(JSON.parse((await call(handler, v2({ rawQueryString: 'a%20b=x%26y&plus=%2B' }))).body)).toEqual({
      'a b': 'x&y',
      plus: '+',
    });
  });

  test('joins its multi-value headers, and its cookies with another separator', async () => {
    const handler = look(({ headers, cookies }) => [headers.get('x-a'), headers.get('cookie'), cookies]);
    const multiValueHeaders = { 'X-A': ['1', '2'], Cookie: ['a=1', 'b=2'] };
    expect(JSON.parse((await call(handler, v1({ multiValueHeaders }))).body)).toEqual([
      '1, 2',
      'a=1; b=2',
      { a: '1', b: '2' },
    ]);
    expect(JSON.parse((await call(handler, v2({ cookies: ['a=1', 'b=2'] }))).body)).toEqual([
      null,
      'a=1; b=2',
      { a: '1', b: '2' },
    ]);
  });

  test('does not mistake inherited members for headers', async () => {
    expect(
      JSON.parse(
        (
          await call(
            look(({ headers }) => [headers.get('constructor'), headers.has('tostring')]),
            v2(),
          )
        ).body,
      ),
    ).toEqual([null, false]);
  });

  test('is decoded from base64, and refused if that is invalid', async () => {
    const handler = look(({ body }) => body);
    const body = Buffer.from('{"a":"ü"}').toString('base64');
    expect((await call(handler, v2({ body, isBase64Encoded: true }))).body).toBe('{"a":"ü"}');
    for (const wrong of ['***', 'YWJ', 'YW Jj', `${body}=`]) {
      expect((await call(handler, v2({ body: wrong, isBase64Encoded: true }))).statusCode, wrong).toBe(400);
    }
  });

  test('of 10 MB is a 413', async () => {
    expect(
      (
        await call(
          look(() => 1),
          v2({ body: `"${'x'.repeat(10_000_000)}"` }),
        )
      ).statusCode,
    ).toBe(413);
    const encoded = Buffer.alloc(10_000_000).toString('base64');
    expect(
      (
        await call(
          look(() => 1),
          v2({ body: encoded, isBase64Encoded: true }),
        )
      ).statusCode,
    ).toBe(413);
  });
});

describe('a response', () => {
  const two = json(200, 1, { cookies: [cookie('a', '1'), cookie('b', '2')], headers: { 'x-many': ['1', '2'] } });
  const handler = lambda(define('f', post).handle(() => two));

  test('keeps two cookies in each format', async () => {
    expect(await call(handler, v2())).toMatchObject({ cookies: two.cookies, headers: { 'x-many': '1, 2' } });
    const rest = await call(handler, v1());
    expect(rest.multiValueHeaders).toEqual({
      'content-type': ['application/json'],
      'x-many': ['1', '2'],
      'set-cookie': two.cookies,
    });
    // API Gateway responds with 502 to a member that it does not know.
    expect('cookies' in rest || 'headers' in rest).toBe(false);
    const multi = await call(handler, alb({ headers: undefined, multiValueHeaders: {} }));
    expect(multi).toMatchObject({ multiValueHeaders: { 'set-cookie': two.cookies }, statusDescription: '200 OK' });
    const single = await call(handler, alb());
    const sent = Object.entries(single.headers ?? {}).filter(([name]) => name.toLowerCase() === 'set-cookie');
    expect(sent.map(([, value]) => value)).toEqual(two.cookies);
  });

  test.each([
    ['bytes without a type', bytes(200, new Uint8Array([0xff])), '/w==', true],
    [
      'text as bytes',
      bytes(200, new TextEncoder().encode('ü'), { headers: { 'content-type': 'text/plain' } }),
      'ü',
      false,
    ],
    [
      'JSON as bytes',
      bytes(200, new TextEncoder().encode('{}'), { headers: { 'content-type': 'application/problem+json' } }),
      '{}',
      false,
    ],
    [
      'bytes that are not the text they are declared to be',
      bytes(200, new Uint8Array([0xff]), { headers: { 'content-type': 'text/plain' } }),
      '/w==',
      true,
    ],
    [
      'compressed text',
      bytes(200, new TextEncoder().encode('gz'), {
        headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' },
      }),
      'Z3o=',
      true,
    ],
    ['nothing', empty(), '', false],
    ['text', text(200, 'ü'), 'ü', false],
  ])('of %s', async (_name, result, body, isBase64Encoded) => {
    expect(await call(lambda(define('f', post).handle(() => result)), v2())).toMatchObject({ body, isBase64Encoded });
  });

  test('that is a stream is read to its end', async () => {
    const fn = define('f', post).handle(() => new Response('streamed', { headers: { 'x-a': '1' } }));
    expect(await call(lambda(fn), v2())).toMatchObject({ body: 'streamed', headers: { 'x-a': '1' } });
  });

  test('that is a stream which fails, or was already read, is a logged 500', async () => {
    const error = vi.fn();
    const once = new Response('once');
    const broken = () => new ReadableStream({ start: (controller) => controller.error(new Error('broke')) });
    const fn = defineFunction
      .logger({ ...quiet, error })('f', post)
      .handle(({ query }) => (query.once ? once : bytes(200, broken() as ReadableStream<Uint8Array>)));
    expect(await call(lambda(fn), v2())).toMatchObject({ statusCode: 500 });
    expect(await call(lambda(fn), v2({ rawQueryString: 'once=1' }))).toMatchObject({ body: 'once' });
    expect(await call(lambda(fn), v2({ rawQueryString: 'once=1' }))).toMatchObject({ statusCode: 500 });
    expect(error).toHaveBeenCalledTimes(2);
  });

  test.each([
    ['no end before the deadline', 'slow', 504, 'The deadline of'],
    ['more than Lambda takes', 'large', 500, 'A response stream of more than 6 MiB requires lambdaStream(...).'],
  ])('that is a stream with %s is abandoned, and cancelled', async (_name, kind, statusCode, reason) => {
    const error = vi.fn();
    const cancel = vi.fn();
    const fn = defineFunction
      .logger({ ...quiet, error })('f', http({ method: 'POST', path: '/:rest', timeout: 50 }))
      .handle(
        () =>
          new ReadableStream({
            pull: (controller) => (kind === 'slow' ? undefined : controller.enqueue(new Uint8Array(1_048_576))),
            cancel,
          }),
      );
    expect(await call(lambda(fn), v2({ rawPath: '/x' }))).toMatchObject({ statusCode });
    expect(cancel).toHaveBeenCalled();
    expect(error.mock.calls[0]?.[1].error.message).toContain(reason);
  });

  test('is right for a thenable, a returned error and a hostile thrown value', async () => {
    const proxy = new Proxy(new Error('x'), {
      get() {
        throw new Error('no');
      },
    });
    const answers = async (handler: () => unknown): Promise<number> =>
      (await call(lambda(define('f', post).handle(handler)), v2())).statusCode;
    // biome-ignore lint/suspicious/noThenProperty: another library's promise
    expect(await answers(() => ({ then: (resolve: (value: unknown) => void) => void resolve({ a: 1 }) }))).toBe(200);
    // biome-ignore lint/suspicious/noThenProperty: another library's promise
    expect(await answers(() => ({ then: (_: unknown, fail: (e: unknown) => void) => fail(new Error('x')) }))).toBe(500);
    expect(await answers(() => new FunctionError('gone'))).toBe(410);
    expect(await answers(() => new Error('x'))).toBe(500);
    expect(
      await answers(() => {
        throw proxy;
      }),
    ).toBe(500);
  });

  test('that was fetched is decoded, and has no headers of the other connection', async () => {
    const headers = { 'content-encoding': 'gzip', 'content-length': '7', connection: 'keep-alive', 'x-a': '1' };
    const fetched = Object.defineProperty(new Response('text', { headers }), 'url', { value: 'https://a.example/' });
    const answer = await call(lambda(define('f', post).handle(() => fetched)), v2());
    expect(Object.keys(answer.headers ?? {})).toEqual(['content-type', 'x-a']);
  });

  test('is not sent to an authorizer, although its event has a request’s members', async () => {
    const handler = lambda(define('f', post).handle(() => 1));
    for (const more of [{ methodArn: 'arn' }, { routeArn: 'arn' }]) {
      await expect(call(handler, v2({ type: 'REQUEST', ...more }))).rejects.toMatchObject({ code: 'foreign_event' });
    }
  });
});

const FOREIGN: [string, unknown, string][] = [
  ['SQS messages', { Records: [{ eventSource: 'aws:sqs', messageId: '1', body: 'secret' }] }, 'records of aws:sqs'],
  ['an SNS notification', { Records: [{ EventSource: 'aws:sns', Sns: {} }] }, 'records of aws:sns'],
  ['an EventBridge event', { source: 'x', detail: 'secret' }, 'an object with ["source","detail"]'],
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a string', 'secret', 'string'],
  ['an array', ['secret'], 'a list of 1'],
  ['an object with []', {}, 'an object with []'],
];

describe.each(FOREIGN)('%s at an HTTP function', (_name, event, came) => {
  test.each([
    ['lambda', lambda(define('f', post).handle(() => 1))],
    ['lambda/http', onlyHttp(define('f', post).handle(() => 1))],
    [
      'lambda, several',
      lambda(
        define('f', post).handle(() => 1),
        define('g', http({ method: 'GET', path: '/y' })).handle(() => 1),
      ),
    ],
  ])('fails the invocation of %s', async (_form, handler) => {
    const error = await handler(event, context).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'FunctionError', code: 'foreign_event' });
    expect(String(error)).toContain(
      `The http function 'f' on AWS Lambda expects an API Gateway, function URL or load balancer request, but got ${came}.`,
    );
    expect(String(error)).not.toContain('secret');
  });
});

describe('several functions', () => {
  const get = define('get', http({ method: 'GET', path: '/x/:id' })).handle(({ params }) => params.id);
  const cors = beforeParsing(async (event: HttpEvent, _context, next) =>
    event.method === 'OPTIONS' ? reply(empty(204, { headers: { 'access-control-allow-origin': '*' } })) : next(),
  );
  const put = define('put', http({ method: 'PUT', path: '/x/:id' }))
    .use(cors)
    .handle(() => 'put');
  const handler = lambda(
    put,
    get,
    define('post', post).handle(() => 'post'),
  );
  const at = (rawPath: string, method: string) => call(handler, v2({ rawPath }, method));

  test('are routed by path and method', async () => {
    expect((await at('/x/a%2Fb', 'GET')).body).toBe('"a/b"');
    expect((await at('/x/1', 'PUT')).body).toBe('"put"');
    expect((await at('/x', 'POST')).body).toBe('"post"');
    expect((await at('/x/', 'POST')).body).toBe('"post"');
    expect(await at('/x/1', 'HEAD')).toMatchObject({ statusCode: 200, body: '' });
  });

  test('report every method of a path', async () => {
    expect(await at('/x/1', 'DELETE')).toMatchObject({ statusCode: 405, headers: { allow: 'PUT, GET, HEAD' } });
    expect(await at('/nothing', 'GET')).toMatchObject({
      statusCode: 404,
      headers: { 'content-type': 'application/problem+json' },
    });
  });

  test('let the layers of the first one answer OPTIONS', async () => {
    expect(await at('/x/1', 'OPTIONS')).toMatchObject({
      statusCode: 204,
      headers: { 'access-control-allow-origin': '*' },
    });
  });

  test('that cannot share a Lambda function are refused at start-up', () => {
    const onQueue = define('q', queue({ queue: 'q' })).handle(() => 1);
    const twice = define('other', http({ method: 'GET', path: '/x/:other' })).handle(() => 1);
    const made =
      'every function must come from defineFunction(...).handle(...) and be of kind http, queue, schedule, event; got';
    expect(() => lambda({} as never)).toThrow(`AWS Lambda: ${made} an object with [].`);
    const several =
      'AWS Lambda, with several functions: every function must come from defineFunction(...).handle(...) and be of kind http';
    expect(() => (lambda as (...all: unknown[]) => unknown)()).toThrow(`${several}; got none.`);
    expect(() => lambda(get, onQueue as never)).toThrow(`${several}; got http, queue.`);
    expect(() => lambda(get, twice)).toThrow("The functions 'get' and 'other' have the same GET path: change one.");
    expect(() => onlyHttp(onQueue as never)).toThrow(
      'lambda/http: every function must come from defineFunction(...).handle(...) and be of kind http;',
    );
    expect(() => lambdaStream(get)).toThrow("lambdaStream(...) works only in AWS Lambda's Node.js runtime");
  });
});

describe('a queue function', () => {
  const Job = z.object({ id: z.string() });
  const done: string[] = [];
  const fn = define('work', queue({ queue: 'q', data: Job })).handle(async ({ data }) => {
    await Promise.resolve();
    if (data.id.startsWith('bad')) throw undefined;
    done.push(data.id);
  });
  const handler = onlyQueue(fn);
  const record = (messageId: string, body: string, more: object = {}): object => ({
    messageId,
    body,
    attributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:1:q',
    ...more,
  });
  const fifo = (messageId: string, body: string, MessageGroupId?: string): object =>
    record(messageId, body, { eventSourceARN: 'arn:aws:sqs:us-east-1:1:q.fifo', attributes: { MessageGroupId } });
  const failed = async (...Records: object[]): Promise<unknown> => {
    const answer = (await handler({ Records }, context)) as { batchItemFailures: { itemIdentifier: string }[] };
    return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  const good = '{"id":"good"}';
  const bad = '{"id":"bad"}';

  test('reports the messages that failed, and no others', async () => {
    expect(await failed(record('a', good), record('b', bad), record('c', good))).toEqual(['b']);
  });

  test('fails messages that are not JSON, do not match the schema, or are polluted', async () => {
    expect(
      await failed(
        record('a', '{'),
        record('b', '{"id":7}'),
        record('c', '{"__proto__":{"id":"x"},"id":"y"}'),
        record('d', ''),
      ),
    ).toEqual(['a', 'b', 'c', 'd']);
  });

  test('keeps the order of each group, and continues with the other groups', async () => {
    done.length = 0;
    const batch = [
      fifo('1', '{"id":"a1"}', 'a'),
      fifo('2', '{"id":"bad"}', 'a'),
      fifo('3', '{"id":"b1"}', 'b'),
      fifo('4', '{"id":"a2"}', 'a'),
      fifo('5', '{"id":"b2"}', 'b'),
    ];
    expect(await failed(...batch)).toEqual(['2', '4']);
    expect(done).toEqual(['a1', 'b1', 'b2']);
  });

  test('fails as a whole if a message has no usable id', async () => {
    for (const nameless of [
      { ...record('x', good), messageId: null },
      record('', good),
      null,
      'x',
      record('x', 7 as never),
    ]) {
      await expect(handler({ Records: [record('a', good), nameless] }, context)).rejects.toThrow(
        'SQS messages, each with a messageId',
      );
    }
  });

  test('fails as a whole for an event that is not from SQS', async () => {
    for (const event of [v2(), {}, null, { Records: 'x' }, { Records: [{ eventSource: 'aws:s3' }] }]) {
      await expect(handler(event, context)).rejects.toMatchObject({ code: 'foreign_event' });
    }
  });

  test('does nothing for an empty batch', async () => {
    expect(await failed()).toEqual([]);
  });

  test('knows the attempt only if the queue reports it', async () => {
    const attempts: unknown[] = [];
    const counting = onlyQueue(
      define('f', queue({ queue: 'q' })).handle((_event, { deliveryAttempt }) => attempts.push(deliveryAttempt)),
    );
    for (const count of ['3', '0', 'x', undefined]) {
      await counting({ Records: [record('a', good, { attributes: { ApproximateReceiveCount: count } })] }, context);
    }
    expect(attempts).toEqual([3, undefined, undefined, undefined]);
  });
});

describe('the context on Lambda', () => {
  test('has the deadline of the runtime, whose function requires its own this', async () => {
    const native = {
      awsRequestId: 'r-1',
      end: Date.now() + 5_000,
      getRemainingTimeInMillis() {
        return this.end - Date.now();
      },
    };
    const fn = define('f', post).handle((_event, { invocationId, remaining, platform }) => ({
      invocationId,
      left: remaining(),
      platform,
    }));
    const answer = JSON.parse(((await lambda(fn)(v2(), native)) as Answer).body) as { left: number };
    expect(answer).toMatchObject({ invocationId: 'r-1', platform: 'lambda' });
    expect(answer.left).toBeGreaterThan(4_000);
    expect(answer.left).toBeLessThanOrEqual(5_000);
  });

  test('waits for background work before it responds', async () => {
    let done = false;
    const fn = define('f', post).handle((_event, { waitUntil }) => {
      waitUntil(
        new Promise<void>((resolve) => setTimeout(resolve, 10)).then(() => {
          done = true;
        }),
      );
    });
    await lambda(fn)(v2(), context);
    expect(done).toBe(true);
  });

  test('is never shared by 100 overlapping invocations', async () => {
    const fn = define('f', post)
      .use(async ({ body }, _context, next) => next({ own: body }))
      .handle(async ({ body }, context_) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
        return [body, context_.own, context_.invocationId, (context_.native as { event: { n: number } }).event.n];
      });
    const handler = lambda(fn);
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, n) =>
        JSON.parse(
          ((await handler(v2({ body: String(n), n }), { ...context, awsRequestId: `i-${n}` })) as Answer).body,
        ),
      ),
    );
    expect(answers).toEqual(Array.from({ length: 100 }, (_, n) => [n, n, `i-${n}`, n]));
  });
});

describe('response streaming', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('writes status and headers even without a body, and fails if its body fails', async () => {
    const written: unknown[] = [];
    const preludes: unknown[] = [];
    const stream = {
      write: (chunk: unknown) => written.push(chunk) > 0,
      end: (done: () => void) => done(),
      once: () => {},
    };
    vi.stubGlobal('awslambda', {
      streamifyResponse: (run: (...all: unknown[]) => unknown) => (event: unknown, ctx: unknown) =>
        run(event, stream, ctx),
      HttpResponseStream: { from: (out: unknown, prelude: unknown) => preludes.push(prelude) && out },
    });
    await lambdaStream(define('f', post).handle(() => empty(204, { cookies: ['a=1'] })))(v2(), context);
    expect(preludes).toEqual([{ statusCode: 204, headers: {}, cookies: ['a=1'] }]);
    expect(written).toEqual(['']);
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array([1]));
      },
      pull: (controller) => controller.error(new Error('broke')),
    });
    await expect(lambdaStream(define('f', post).handle(() => bytes(200, broken)))(v2(), context)).rejects.toThrow(
      'broke',
    );
    await expect(lambdaStream(define('f', post).handle(() => 1))({ Records: [] }, context)).rejects.toMatchObject({
      code: 'foreign_event',
    });
  });
});

test('a streamed response adds no listener per chunk, however slow its client is', async () => {
  const counts: number[] = [];
  const out = new EventEmitter() as EventEmitter & { write(): boolean; end(done: () => void): void };
  out.write = () => {
    counts.push(out.listenerCount('error') + out.listenerCount('drain') + out.listenerCount('close'));
    setImmediate(() => out.emit('drain'));
    return false;
  };
  out.end = (done) => done();
  vi.stubGlobal('awslambda', {
    streamifyResponse: (run: (...all: unknown[]) => unknown) => (event: unknown, ctx: unknown) => run(event, out, ctx),
    HttpResponseStream: { from: () => out },
  });
  let left = 50;
  const chunks = new ReadableStream<Uint8Array>({
    pull: (controller) => (left-- > 0 ? controller.enqueue(new Uint8Array(1)) : controller.close()),
  });
  await lambdaStream(define('f', post).handle(() => bytes(200, chunks)))(v2(), context);
  expect(counts).toHaveLength(51);
  expect(Math.max(...counts)).toBeLessThan(5);
  vi.unstubAllGlobals();
});

test('on(...) requires a function from defineFunction, also in JavaScript', () => {
  expect(() => on(undefined as never, {} as never)).toThrow(
    'made with .handle(...): its run must be a function; got undefined.',
  );
  const fn = define('f', post).handle(() => 1);
  expect(() => on(fn, undefined as never)).toThrow('on(...): the options must be an object; got undefined.');
  expect(() => on(fn, { deadletter: {} } as never)).toThrow(
    "on(...): unknown option 'deadletter'. The options are env, send, deadLetter, redeliver, visibility.",
  );
  expect(() => on(fn, { deadLetter: 1 } as never)).toThrow(
    "on(...): the transport 'deadLetter': its send must be a function; got undefined.",
  );
});
