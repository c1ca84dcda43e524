/** Two functions on one path: the one that a preflight asks for answers it, on every platform, whatever their order. */
import type { RequestListener } from 'node:http';
import {
  type AnyFunction,
  beforeParsing,
  type Context,
  defineFunction,
  empty,
  type HttpEvent,
  type HttpMethod,
  http,
  reply,
} from '@tradewind/core';
import type { FakeRequest } from '@tradewind/core/testing';
import { describe, expect, test } from 'vitest';
import { type AzureApp, azure } from './azure/index.js';
import { cloudflare } from './cloudflare/index.js';
import { type FunctionsFramework, gcf } from './gcf/index.js';
import { lambda } from './lambda/index.js';
import { answering } from './node/answering.js';
import { toAlb, toApiGatewayV1, toFunctionUrl, toHttpApi } from './testing/lambda-http.js';
import { overLoopback } from './testing/loopback.js';
import { fromWire, lambdaContext, type onWorkers, workersContext } from './testing/pretend.js';

const cors = beforeParsing(async ({ method }: HttpEvent, _context: Context, next) =>
  method === 'OPTIONS' ? reply(empty(204, { headers: { 'access-control-allow-origin': '*' } })) : next(),
);
const define = (method: HttpMethod, path: '/a' | '/:b' = '/a'): AnyFunction =>
  defineFunction(`${method}${path.slice(1).replace(':', '-')}`, http({ method, path })).handle(() => 1) as AnyFunction;
const open = (method: HttpMethod, path: '/a' | '/:b' = '/a'): AnyFunction =>
  defineFunction(`open-${method}`, http({ method, path }))
    .use(cors)
    .handle(() => 1) as AnyFunction;

function preflight(asked: string | undefined): FakeRequest {
  const headers = [
    ['origin', 'https://shop.example'] as const,
    ...(asked === undefined ? [] : [['access-control-request-method', asked] as const]),
  ];
  return { method: 'OPTIONS', path: '/a', search: '', headers, cookies: [], body: undefined };
}

type Ask = (functions: readonly AnyFunction[], request: FakeRequest) => Promise<number>;

const onLambda =
  (toEvent: (request: FakeRequest, fn: AnyFunction) => object): Ask =>
  async (functions, request) => {
    const event = fromWire(toEvent(request, functions[0] as AnyFunction));
    const handler = lambda(...(functions as readonly never[]));
    return ((await handler(event, lambdaContext())) as { statusCode: number }).statusCode;
  };
const toWeb = ({ method, path, headers }: FakeRequest, prefix = ''): Request =>
  new Request(`https://fake.test${prefix}${path}`, { method, headers: headers.map(([name, value]) => [name, value]) });

type AzureHttpOptions = Parameters<AzureApp['http']>[1];

/** As the host routes: to the function that is registered for the path and the method. */
const onAzure: Ask = async (functions, request) => {
  const registered: AzureHttpOptions[] = [];
  const app = { http: (_name: string, options: AzureHttpOptions) => void registered.push(options) };
  azure(app as unknown as AzureApp, ...(functions as readonly never[]));
  const literalFirst = registered.toSorted((a, b) => Number(a.route.includes('{')) - Number(b.route.includes('{')));
  const chosen = literalFirst.find(({ methods }) => methods.includes(request.method as HttpMethod));
  return (await chosen?.handler(toWeb(request, '/api') as never, { invocationId: 'x' } as never))?.status ?? 0;
};

const onGoogle: Ask = async (functions, request) => {
  const entries = new Map<string, RequestListener>();
  const framework = { http: (name: string, handler: RequestListener) => void entries.set(name, handler) };
  gcf(framework as unknown as FunctionsFramework, ...(functions as readonly never[]));
  return (await overLoopback(entries.get('http') as RequestListener, request)).status;
};

const PLATFORMS: Readonly<Record<string, Ask>> = {
  'a function URL': onLambda(toFunctionUrl),
  'an HTTP API': onLambda((request, fn) => toHttpApi(request, fn.trigger as never)),
  'a REST API': onLambda((request, fn) => toApiGatewayV1(request, fn.trigger as never)),
  'a load balancer': onLambda((request) => toAlb(request, true)),
  Azure: onAzure,
  Google: onGoogle,
  Workers: async (functions, request) => {
    const { fetch } = cloudflare(...(functions as readonly never[])) as unknown as ReturnType<typeof onWorkers>;
    return ((await fetch(toWeb(request), {}, workersContext())) as Response).status;
  },
  Node: async (functions, request) => (await overLoopback(answering(functions, new Set()), request)).status,
};

/** The functions, the method that is asked for, and the status. */
const TABLE: readonly (readonly [what: string, functions: AnyFunction[], asked: string | undefined, status: number])[] =
  [
    ['the one with CORS', [define('GET'), open('POST')], 'POST', 204],
    ['the one without CORS', [define('GET'), open('POST')], 'GET', 405],
    ['HEAD, of a GET function', [open('GET'), define('POST')], 'HEAD', 204],
    ['a function with a parameter there', [define('GET'), open('PUT', '/:b')], 'PUT', 204],
    ['an OPTIONS function, whatever is asked for', [open('GET'), define('OPTIONS')], 'GET', 200],
    ['a method without a function, both with CORS', [open('GET'), open('POST')], 'DELETE', 204],
    ['a method without a function, both without CORS', [define('GET'), define('POST')], 'DELETE', 405],
    ['no method, as OPTIONS alone', [open('GET'), open('POST')], undefined, 204],
  ];

describe.each(Object.entries(PLATFORMS))('%s', (_platform, ask) => {
  test.each(TABLE)('a preflight for %s', async (_what, functions, asked, status) => {
    expect(await ask(functions, preflight(asked))).toBe(status);
    expect(await ask(functions.toReversed(), preflight(asked))).toBe(status);
  });
});
