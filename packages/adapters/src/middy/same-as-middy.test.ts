/** One handler under middy itself and under fromMiddy and toMiddy: middlewares see the same, and clients get the same. */
import middy from '@middy/core';
import httpCors from '@middy/http-cors';
import httpErrorHandler from '@middy/http-error-handler';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import httpSecurityHeaders from '@middy/http-security-headers';
import { beforeParsing, cookie, defineFunction, http, json } from '@tradewind/core';
import { describe, expect, test } from 'vitest';
import { lambda } from '../lambda/index.js';
import { fromMiddy, type MiddyMiddleware, toMiddy } from './index.js';

const post = http({ method: 'POST', path: '/orders' });
const own = {
  'Access-Control-Allow-Origin': 'https://own.example',
  'Access-Control-Allow-Credentials': 'true',
  Vary: 'Accept',
  Server: 'secret/1.0',
  'X-Powered-By': 'secret',
};
const guests = (): MiddyMiddleware[] => [
  httpCors({ origin: 'https://guest.example' }) as MiddyMiddleware,
  httpSecurityHeaders() as MiddyMiddleware,
  httpErrorHandler() as MiddyMiddleware,
];
const context = () => ({
  functionName: 'deployed-name',
  functionVersion: '7',
  awsRequestId: 'r-1',
  getRemainingTimeInMillis: () => 10_000,
});

const v2 = (body = '{}', isBase64Encoded = false) => ({
  version: '2.0',
  routeKey: 'POST /orders',
  rawPath: '/orders',
  rawQueryString: '',
  headers: { 'content-type': 'application/json', origin: 'https://guest.example' },
  requestContext: { http: { method: 'POST', path: '/orders' } },
  body,
  isBase64Encoded,
});
const v1 = (multiValueHeaders: object | null = { 'Content-Type': ['application/json'] }) => ({
  version: '1.0',
  resource: '/orders',
  path: '/orders',
  httpMethod: 'POST',
  headers: { 'Content-Type': 'application/json', Origin: 'https://guest.example' },
  multiValueHeaders,
  requestContext: { resourcePath: '/orders', httpMethod: 'POST', stage: 'prod' },
  body: '{}',
  isBase64Encoded: false,
});
const alb = (members: object) => ({
  path: '/orders',
  httpMethod: 'POST',
  requestContext: { elb: { targetGroupArn: 'arn' } },
  body: '{}',
  isBase64Encoded: false,
  ...members,
});

interface Answer {
  readonly statusCode: number;
  readonly headers?: Record<string, string>;
  readonly multiValueHeaders?: Record<string, string[]>;
  readonly body: string;
}

/** What a client gets: each name with all its values, as API Gateway merges both formats. */
function sent(answer: unknown): Record<string, string[]> {
  const { headers = {}, multiValueHeaders = {} } = answer as Answer;
  const all: Record<string, string[]> = {};
  for (const [name, values] of [...Object.entries(headers), ...Object.entries(multiValueHeaders)]) {
    all[name.toLowerCase()] = [...(all[name.toLowerCase()] ?? []), ...[values].flat().map(String)];
  }
  return all;
}

const answering = () => json(200, { id: 1 }, { headers: own });
const byMiddy = () =>
  middy(async () => ({
    statusCode: 200,
    headers: { 'Content-Type': 'application/json', ...own },
    body: '{"id":1}',
  })).use(guests() as never) as unknown as (event: unknown, context: unknown) => Promise<Answer>;
const byFromMiddy = () =>
  lambda(
    defineFunction('f', post)
      .use(fromMiddy(...guests()))
      .handle(answering),
  ) as (event: unknown, context: unknown) => Promise<unknown>;
const byToMiddy = () => toMiddy(defineFunction('f', post).handle(answering)).use(guests());

describe('the handler’s own headers', () => {
  test.each([
    ['an HTTP API', () => v2()],
    ['a REST API', () => v1()],
    ['a REST API without multiValueHeaders', () => v1(null)],
    ['a load balancer', () => alb({ headers: { 'content-type': 'application/json' } })],
    ['a load balancer with several values', () => alb({ multiValueHeaders: { 'content-type': ['application/json'] } })],
  ])('count, and those that middlewares remove are gone: %s', async (_, event) => {
    const expected = sent(await byMiddy()(event(), context()));
    expect(expected).toMatchObject({ 'access-control-allow-origin': ['https://own.example'] });
    expect(expected).not.toHaveProperty('server');
    expect(sent(await byFromMiddy()(event(), context()))).toEqual(expected);
    expect(sent(await byToMiddy()(event(), context()))).toEqual(expected);
  });

  test('of a load balancer that takes several values are all in its format', async () => {
    const event = alb({ multiValueHeaders: { 'content-type': ['application/json'] } });
    const answer = (await byToMiddy()(event, context())) as Answer;
    expect(answer.headers).toBeUndefined();
    expect(answer.multiValueHeaders).toHaveProperty('x-frame-options', ['DENY']);
  });

  test.each([
    ['an HTTP API', () => v2()],
    ['a REST API', () => v1()],
    ['a load balancer', () => alb({ headers: { 'content-type': 'application/json' } })],
  ])('are spelled as middy’s handlers spell them, in `headers`: %s', async (_, event) => {
    const seen: string[][] = [];
    const note = { after: ({ response }: { response: Answer }) => void seen.push(Object.keys(response.headers ?? {})) };
    await toMiddy(defineFunction('f', post).handle(() => json(200, 1, { headers: { ...own, etag: '"1"' } }))).use(note)(
      event(),
      context(),
    );
    await (
      lambda(
        defineFunction('f', post)
          .use(fromMiddy(note))
          .handle(() => json(200, 1, { headers: { ...own, etag: '"1"' } })),
      ) as (event: unknown, context: unknown) => Promise<unknown>
    )(event(), context());
    for (const names of seen)
      expect(names.toSorted()).toEqual([...Object.keys(own), 'Content-Type', 'ETag'].toSorted());
    expect(seen).toHaveLength(2);
  });

  test('stay several, and so do cookies', async () => {
    const fn = defineFunction('f', post).handle(() =>
      json(200, 1, { headers: { 'x-many': ['1', '2'] }, cookies: [cookie('a', '1'), cookie('b', '2')] }),
    );
    for (const event of [v1(), v1(null), alb({ multiValueHeaders: { 'content-type': ['application/json'] } })]) {
      const answer = await toMiddy(fn).use(guests())(event, context());
      expect(sent(answer)).toMatchObject({ 'x-many': ['1', '2'] });
      expect(sent(answer)['set-cookie']).toHaveLength(2);
    }
    const event = alb({ headers: { 'content-type': 'application/json' } });
    expect(sent(await toMiddy(fn).use(guests())(event, context()))['set-cookie']).toHaveLength(2);
  });

  test('are replaced, not doubled, by a middleware that spells them in another way', async () => {
    const lower = {
      after: ({ response }: { response: Answer }) => void ((response.headers ?? {})['x-powered-by'] = 'guest'),
    };
    for (const event of [v2(), v1(), alb({ headers: { 'content-type': 'application/json' } })]) {
      const answer = await toMiddy(defineFunction('f', post).handle(answering)).use(lower)(event, context());
      expect(sent(answer)['x-powered-by']).toEqual(['guest']);
    }
  });
});

test('a serializer that looks for the content type finds it, so JSON is quoted once', async () => {
  // As @middy/http-response-serializer does.
  const serializer = {
    after: ({ response }: { response: { headers?: Record<string, string>; body: unknown } }) => {
      if (response.headers?.['Content-Type'] ?? response.headers?.['content-type']) return;
      response.body = JSON.stringify(response.body);
    },
  };
  for (const event of [v2(), v1(), v1(null)]) {
    const answer = (await toMiddy(defineFunction('f', post).handle(answering)).use(serializer as MiddyMiddleware)(
      event,
      context(),
    )) as Answer;
    expect(answer.body).toBe('{"id":1}');
  }
});

test('an event’s body and its flag are those of Lambda', async () => {
  const seen: unknown[] = [];
  const note = {
    before: ({ event }: { event: { body: string; isBase64Encoded: boolean } }) =>
      void seen.push([event.body, event.isBase64Encoded]),
  };
  const body = Buffer.from('{"id":"ü"}').toString('base64');
  const fn = defineFunction('f', post)
    .use(fromMiddy(note, httpJsonBodyParser() as MiddyMiddleware))
    .handle(({ body: parsed }, { middy: { event } }) => ({ parsed, byGuest: event.body }));
  await (middy(async () => ({ statusCode: 200 })).use(note as never) as never as ReturnType<typeof byMiddy>)(
    v2(body, true),
    context(),
  );
  const answer = await (lambda(fn) as ReturnType<typeof byMiddy>)(v2(body, true), context());
  expect(JSON.parse(answer.body)).toEqual({ parsed: { id: 'ü' }, byGuest: { id: 'ü' } });
  expect(seen).toEqual([
    [body, true],
    [body, true],
  ]);
});

test('a context’s function name is that of Lambda, by which metrics are grouped', async () => {
  const seen: unknown[] = [];
  const note = {
    before: ({ context: given }: { context: { functionName: string; functionVersion: string } }) =>
      void seen.push([given.functionName, given.functionVersion]),
  };
  await (middy(async () => ({ statusCode: 200 })).use(note as never) as never as ReturnType<typeof byMiddy>)(
    v2(),
    context(),
  );
  await (lambda(defineFunction('f', post).use(fromMiddy(note)).handle(answering)) as ReturnType<typeof byMiddy>)(
    v2(),
    context(),
  );
  expect(seen).toEqual([
    ['deployed-name', '7'],
    ['deployed-name', '7'],
  ]);
});

test.each([
  ['an early response', { before: () => ({ statusCode: 403, headers: { 'X-A': '1' }, body: 'no' }) }],
  [
    'a response without headers',
    { after: (request: { response: unknown }) => void (request.response = { statusCode: 204 }) },
  ],
  ['a response that is no object', { after: (request: { response: unknown }) => void (request.response = 'text') }],
])('toMiddy leaves %s of a middleware as it is', async (_, guest) => {
  const expected = await (
    middy(async () => ({ statusCode: 200, body: '' })).use(guest as never) as never as ReturnType<typeof byMiddy>
  )(v2(), context());
  expect(
    await toMiddy(defineFunction('f', post).handle(answering)).use(guest as MiddyMiddleware)(v2(), context()),
  ).toEqual(expected);
});

describe('a handler that returns a response in Lambda’s format', () => {
  const value: unknown = { statusCode: 404, body: 'no' };
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  test('is an error under fromMiddy and toMiddy, not a 200', async () => {
    const seen: unknown[] = [];
    const note = { onError: ({ error }: { error: Error }) => void seen.push(error.message) };
    const plain = defineFunction.logger(quiet)('f', post);
    const inside = plain.use(fromMiddy(note)).handle(() => value);
    expect(await (lambda(inside) as ReturnType<typeof byMiddy>)(v2(), context())).toMatchObject({ statusCode: 500 });
    expect(seen).toEqual(['Return json(...) or another helper; json(200, value) sends any value.']);
    expect(await toMiddy(plain.handle(() => value))(v2(), context())).toMatchObject({ statusCode: 500 });
  });

  test('but a middleware may, and may change one', async () => {
    const early = { before: () => ({ statusCode: 404, body: 'no' }) };
    const fn = defineFunction('f', post)
      .use(beforeParsing(async (_event, _context, next) => next()))
      .use(fromMiddy(early))
      .handle(answering);
    expect(await (lambda(fn) as ReturnType<typeof byMiddy>)(v2(), context())).toMatchObject({
      statusCode: 404,
      body: 'no',
    });
  });
});
