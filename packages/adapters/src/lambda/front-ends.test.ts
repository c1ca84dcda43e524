import { defineFunction, type HttpEvent, http, json } from '@tradewind/core';
import { describe, expect, test } from 'vitest';
import { lambda } from './index.js';

/** What a handler is told about a request. */
interface Seen {
  readonly path: string;
  readonly name: unknown;
  readonly query: unknown;
  readonly url: URL;
  readonly cookie: string | null;
}

async function seenOf(event: object, path = '/orders/:name'): Promise<{ status: number; seen: Seen | undefined }> {
  let seen: Seen | undefined;
  const fn = defineFunction('f', http({ method: 'GET', path })).handle((request) => {
    const { params, query, headers } = request as HttpEvent;
    const url = new URL((request as HttpEvent).request.url);
    seen = { path: request.path, name: params.name, query: { ...Object(query) }, url, cookie: headers.get('cookie') };
    return json(200, 1);
  });
  const answer = (await lambda(fn)(event, {} as never)) as { statusCode: number };
  return { status: answer.statusCode, seen };
}

const v2 = (rawPath: string, domainName: string, stage = '$default'): object => ({
  version: '2.0',
  routeKey: '$default',
  rawPath,
  rawQueryString: 'q=a%3Fb%25c%23d',
  headers: { host: domainName },
  requestContext: { apiId: 'id', domainName, stage, http: { method: 'GET', path: decodeURIComponent(rawPath) } },
  isBase64Encoded: false,
});
const httpApi = (rawPath: string, stage?: string): object => ({
  ...v2('/', 'id.execute-api.us-west-2.amazonaws.com', stage),
  rawPath,
});
const functionUrl = (rawPath: string): object => v2(rawPath, 'id.lambda-url.us-west-2.on.aws');

interface V1 {
  readonly path: string;
  readonly resource?: string;
  readonly version?: string;
  readonly stage?: string;
  readonly seenBy?: string;
  readonly pathParameters?: Readonly<Record<string, string>> | null;
}

/** The query is decoded in version 1.0. */
const v1 = ({ path, resource = '/{proxy+}', stage = 'prod', seenBy = path, ...more }: V1): object => ({
  resource,
  path,
  httpMethod: 'GET',
  headers: { Host: 'api.example.com' },
  multiValueHeaders: { Host: ['api.example.com'] },
  queryStringParameters: { q: 'a?b%c#d' },
  multiValueQueryStringParameters: { q: ['a?b%c#d'] },
  pathParameters: resource.includes('+') ? { proxy: path.slice(1) } : null,
  requestContext: { apiId: 'id', stage, path: seenBy, resourcePath: resource, httpMethod: 'GET' },
  body: null,
  isBase64Encoded: false,
  ...more,
});
const alb = (path: string, multiValue: boolean): object => ({
  requestContext: { elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:x:1:targetgroup/a/b' } },
  httpMethod: 'GET',
  path,
  ...(multiValue
    ? { multiValueQueryStringParameters: { q: ['a%3Fb%25c%23d'] }, multiValueHeaders: { host: ['lb.example.com'] } }
    : { queryStringParameters: { q: 'a%3Fb%25c%23d' }, headers: { host: 'lb.example.com' } }),
  body: '',
  isBase64Encoded: false,
});

describe('a path with encoded characters, as each front end passes it', () => {
  // Sent, and as an HTTP API passes it: decoded. It decodes twice, cuts at a decoded `?`, and refuses a lone `%`, so that
  // the sent path cannot be restored: what arrives is the path.
  const CASES: readonly (readonly [sent: string, name: string, decoded: string, encodedAgain: string])[] = [
    ['plain', 'plain', 'plain', 'plain'],
    ['a%20b', 'a b', 'a b', 'a%20b'],
    ['a%23b', 'a#b', 'a#b', 'a%23b'],
    ['%CE%BB-%E4%B8%96', 'λ-世', 'λ-世', '%CE%BB-%E4%B8%96'],
    ['a%253Fb', 'a%3Fb', 'a?b', 'a%3Fb'],
    ['a%2525b', 'a%25b', 'a%b', 'a%25b'],
    ['a%2541', 'a%41', 'a%41', 'a%2541'],
    ['a%22%3C%5C%5E%60%7B%7C%7D', 'a"<\\^`{|}', 'a"<\\^`{|}', 'a%22%3C%5C%5E%60%7B%7C%7D'],
    ["me@example.com;a=1,b&c+d$e:f!~*'()", "me@example.com;a=1,b&c+d$e:f!~*'()", '', ''],
  ];

  test.each(CASES)('%s', async (sent, name, decoded, encodedAgain) => {
    const query = { q: 'a?b%c#d' };
    const events = {
      'a function URL': functionUrl(`/orders/${sent}`),
      'a REST API': v1({ path: `/orders/${sent}`, seenBy: `/prod/orders/${sent}` }),
      'a load balancer': alb(`/orders/${sent}`, false),
      'a load balancer, multi-value': alb(`/orders/${sent}`, true),
    };
    for (const [front, event] of Object.entries(events)) {
      const { status, seen } = await seenOf(event);
      expect([front, status, seen?.name, seen?.query]).toEqual([front, 200, name, query]);
      expect([front, seen?.path, seen?.url.pathname]).toEqual([front, `/orders/${sent}`, `/orders/${sent}`]);
      expect([front, seen?.url.searchParams.get('q'), seen?.url.hash]).toEqual([front, query.q, '']);
    }
    const decodedEvents = {
      'an HTTP API': httpApi(`/orders/${decoded || sent}`),
      'an HTTP API, payload 1.0': v1({ path: `/orders/${decoded || sent}`, version: '1.0', stage: '$default' }),
      'an HTTP API, a named stage': httpApi(`/prod/orders/${decoded || sent}`, 'prod'),
    };
    for (const [front, event] of Object.entries(decodedEvents)) {
      const { status, seen } = await seenOf(event);
      expect([front, status, seen?.name, seen?.query]).toEqual([front, 200, decoded || sent, query]);
      const path = `/orders/${encodedAgain || sent}`;
      expect([front, seen?.path, seen?.url.pathname]).toEqual([front, path, path]);
      expect([front, seen?.url.searchParams.get('q'), seen?.url.hash]).toEqual([front, query.q, '']);
    }
  });

  test('an encoded slash is one segment, except through an HTTP API', async () => {
    for (const event of [functionUrl('/orders/a%2Fb'), v1({ path: '/orders/a%2Fb' }), alb('/orders/a%2Fb', true)]) {
      expect((await seenOf(event)).seen?.name).toBe('a/b');
    }
    expect((await seenOf(httpApi('/orders/a/b'))).status).toBe(404);
  });

  test('a lone surrogate, which no URL can have, is a replacement character', async () => {
    expect((await seenOf(httpApi('/orders/a\ud800'))).seen?.name).toBe('a\ufffd');
  });
});

describe('what the deployment puts before the path is not part of it', () => {
  const path = '/orders/7';
  test.each<[string, object]>([
    ['a REST API, called directly', v1({ path, resource: '/orders/{id}', seenBy: '/prod/orders/7' })],
    ['a base path', v1({ path: '/shop/orders/7', resource: '/orders/{id}' })],
    ['a base path of several segments', v1({ path: '/v1/shop/orders/7', resource: '/orders/{id}' })],
    ['a base path like the resource', v1({ path: '/orders/orders/7', resource: '/orders/{id}' })],
    ['a mapping without a stage', v1({ path: '/shop/prod/orders/7', resource: '/orders/{id}' })],
    [
      'a base path before a greedy resource',
      v1({ path: '/shop/orders/7', resource: '/{proxy+}', pathParameters: { proxy: 'orders/7' } }),
    ],
    [
      'a base path before a partly greedy resource',
      v1({ path: '/shop/orders/7', resource: '/orders/{rest+}', pathParameters: { rest: '7' } }),
    ],
    [
      'an HTTP API, payload 1.0, a named stage',
      v1({ path: '/prod/orders/7', resource: '/orders/{id}', version: '1.0' }),
    ],
    [
      'an HTTP API, payload 1.0, a named stage, its default route',
      v1({ path: '/prod/orders/7', resource: '/$default', version: '1.0', pathParameters: null }),
    ],
    [
      'an HTTP API, payload 1.0, a mapping',
      v1({ path: '/shop/orders/7', resource: '/orders/{id}', version: '1.0', stage: '$default' }),
    ],
    ['an HTTP API, a named stage', httpApi('/prod/orders/7', 'prod')],
  ])('%s', async (_name, event) => {
    const { status, seen } = await seenOf(event);
    expect([status, seen?.name, seen?.path, seen?.url.pathname]).toEqual([200, '7', path, path]);
  });

  test('a resource known only from the request context', async () => {
    const { resource: _, ...event } = v1({ path: '/shop/orders/7', resource: '/orders/{id}' }) as { resource: string };
    expect((await seenOf(event)).seen?.path).toBe('/orders/7');
  });

  test.each([
    ['/shop/a%2Fb/c', '/{proxy+}', { proxy: 'a/b/c' }, '/a%2Fb/c'],
    ['/shop/v1/a%2fb/c', '/{proxy+}', { proxy: 'a/b/c' }, '/a%2fb/c'],
    ['/shop/a/b%2Fc', '/{proxy+}', { proxy: 'a/b/c' }, '/a/b%2Fc'],
    ['/shop/a%2Fb/c%2F', '/{proxy+}', { proxy: 'a/b/c/' }, '/a%2Fb/c%2F'],
    ['/shop/a%2Fb/c/', '/{proxy+}', { proxy: 'a/b/c' }, '/a%2Fb/c/'],
    ['/shop/a%2Fb/c/', '/{proxy+}', { proxy: 'a/b/c/' }, '/a%2Fb/c/'],
    ['/shop/x%2Fy/a%2Fb', '/{id}/{rest+}', { id: 'x/y', rest: 'a/b' }, '/x%2Fy/a%2Fb'],
    ['/shop/a%2Fb/c', '/{proxy+}', { proxy: 'a%2Fb/c' }, '/a%2Fb/c'],
    ['/a%2Fb/c', '/{proxy+}', { proxy: 'a/b/c' }, '/a%2Fb/c'],
    ['/sh%2Fop/a%2Fb/c', '/{proxy+}', { proxy: 'a/b/c' }, '/a%2Fb/c'],
  ])('a greedy resource for encoded slashes: %s', async (sent, resource, pathParameters, expected) => {
    const event = v1({ path: sent, resource, pathParameters: pathParameters as Record<string, string> });
    expect(await seenOf(event, '/:a/:name')).toMatchObject({ status: 200, seen: { path: expected } });
  });

  test('a greedy resource of an HTTP API, whose path is decoded already', async () => {
    const more = { resource: '/{proxy+}', version: '1.0', stage: '$default', pathParameters: { proxy: 'a%2Fb/c' } };
    expect((await seenOf(v1({ path: '/shop/a%2Fb/c', ...more }), '/:a/:name')).seen?.name).toBe('c');
  });

  test('a trailing slash stays', async () => {
    const event = v1({ path: '/shop/orders/7/', resource: '/orders/{id}' });
    expect((await seenOf(event)).seen?.path).toBe('/orders/7/');
  });

  test('the root', async () => {
    expect((await seenOf(v1({ path: '/shop', resource: '/' }), '/')).seen?.path).toBe('/');
    expect((await seenOf(v1({ path: '/', resource: '/' }), '/')).seen?.path).toBe('/');
    expect((await seenOf(httpApi('/prod', 'prod'), '/')).seen?.path).toBe('/');
  });

  test('a segment that only looks like a stage is part of the path', async () => {
    expect((await seenOf(v1({ path: '/prod/orders', resource: '/{a}/{b}' }), '/prod/:name')).seen?.name).toBe('orders');
    expect((await seenOf(alb('/prod/7', true), '/prod/:name')).seen?.name).toBe('7');
  });
});

test.each(['a.example/admin?', 'a.example/admin', 'a.example?q=', 'a.example#', 'a.example\\admin', 'me@a.example'])(
  'a host that would be read as a part of the URL, %s, is refused by who reads `request`',
  async (host) => {
    const event = { ...alb('/orders/7', true), multiValueHeaders: { host: [host] } };
    expect(await seenOf(event)).toEqual({ status: 400, seen: undefined });
  },
);

describe('the format is what the event says it is', () => {
  test('a REST event that also has `rawPath` is one of version 1.0', async () => {
    const event = { ...v1({ path: '/orders/7' }), rawPath: '/orders/7', rawQueryString: '' };
    const { seen } = await seenOf({ ...event, multiValueHeaders: { Cookie: ['a=1'] } });
    expect([seen?.query, seen?.cookie]).toEqual([{ q: 'a?b%c#d' }, 'a=1']);
    expect(await lambda(cookies)(event, {} as never)).toMatchObject({
      multiValueHeaders: { 'set-cookie': ['a=1', 'b=2'] },
    });
  });

  test('an event of version 2.0 that also has `path` and `httpMethod` is one of version 2.0', async () => {
    const event = { ...functionUrl('/orders/7'), path: '/other', httpMethod: 'POST' };
    expect((await seenOf(event)).seen?.query).toEqual({ q: 'a?b%c#d' });
    expect(await lambda(cookies)(event, {} as never)).toMatchObject({ cookies: ['a=1', 'b=2'] });
  });

  test.each<[string, object]>([
    ['version 2.0 without its method', { ...functionUrl('/'), requestContext: {}, path: '/', httpMethod: 'GET' }],
    ['version 2.0 without its path', { ...functionUrl('/'), rawPath: undefined, path: '/', httpMethod: 'GET' }],
    ['version 1.0 without its path', { ...v1({ path: '/' }), path: undefined, rawPath: '/' }],
    ['version 1.0 without its method', { ...v1({ path: '/' }), httpMethod: undefined }],
  ])('%s is no request', async (_name, event) => {
    await expect(lambda(cookies)(event, {} as never)).rejects.toMatchObject({ code: 'foreign_event' });
  });
});

const cookies = defineFunction('cookies', http({ method: 'GET', path: '/orders/:id' })).handle(() =>
  json(200, 1, { cookies: ['a=1', 'b=2'] }),
);
