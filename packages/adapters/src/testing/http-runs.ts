import type { RequestListener } from 'node:http';
import type { AnyFunction, HttpResult, HttpTrigger } from '@tradewind/core';
import { type Awaitable, andThen } from '@tradewind/core/adapter';
import { type FakeEvent, type FakeRequest, resolveRequest } from '@tradewind/core/testing';
import { lambda } from '../lambda/index.js';
import { answering } from '../node/answering.js';
import { type ClientView, fromLambda, fromResponse } from './answers.js';
import { fromAzure, onAzure } from './azure.js';
import { onGcf } from './gcf.js';
import { hostOf } from './host.js';
import { keepsPath, toAlb, toApiGatewayV1, toFunctionUrl, toHttpApi } from './lambda-http.js';
import { overLoopback } from './loopback.js';
import { fromWire, lambdaContext, onWorkers, withEnv, workersContext } from './pretend.js';
import type { PlatformReport, Run, Runs } from './report.js';

/** The function with its responses checked against its `response` schema, as in `invoke`. */
export function checked(fn: AnyFunction, faults: unknown[]): AnyFunction {
  const trigger = fn.trigger as HttpTrigger;
  const checkResponse = async (result: HttpResult): Promise<never> => {
    try {
      return (await trigger.checkResponse(result)) as never;
    } catch (error) {
      faults.push(error);
      throw error;
    }
  };
  return {
    ...fn,
    run: (event, context) => andThen(fn.run(event, context) as Awaitable<HttpResult>, checkResponse),
  };
}

/** Whether a query name repeats: a load balancer without multi-value headers passes only the last value of a name. */
function repeatsQuery({ search }: FakeRequest): boolean {
  const names = [...new URLSearchParams(search).keys()];
  return new Set(names).size < names.length;
}

/** Runs a fake request on each platform, in that platform's format. */
export async function httpRuns(fn: AnyFunction, fake: FakeEvent<'http', unknown>): Promise<Runs> {
  const trigger = fn.trigger as HttpTrigger;
  const request = await resolveRequest(trigger, fake);
  const onLambda =
    (event: () => object): Run =>
    (options) =>
      withEnv(options.env, async () => {
        const native = await lambda(fn)(fromWire(event()), lambdaContext());
        return answered(fromLambda(native), native);
      });
  const onServer =
    (listener: () => RequestListener): Run =>
    (options) =>
      withEnv(options.env, async () => {
        const native = await overLoopback(listener(), request);
        return answered(await fromResponse(native.clone()), native);
      });
  return {
    lambda: onLambda(() => toFunctionUrl(request)),
    ...(keepsPath(request) && { 'lambda:http-api': onLambda(() => toHttpApi(request, trigger)) }),
    'lambda:rest-api': onLambda(() => toApiGatewayV1(request, trigger)),
    ...(!repeatsQuery(request) && { 'lambda:alb': onLambda(() => toAlb(request, false)) }),
    'lambda:alb-multi-value': onLambda(() => toAlb(request, true)),
    azure: (options) =>
      withEnv(options.env, async () => {
        const native = await onAzure(fn)(toRequest(request, 'fake.azurewebsites.net', '/api'));
        return answered(await fromAzure(native), native);
      }),
    gcf: onServer(() => onGcf(fn).answer),
    cloudflare: async ({ env }) => {
      const native = (await onWorkers(fn).fetch(
        toRequest(request, 'fake.workers.dev'),
        env,
        workersContext(),
      )) as Response;
      return answered(await fromResponse(native.clone()), native);
    },
    node: onServer(() => answering([fn], new Set())),
  };
}

function answered(value: ClientView, native: unknown): PlatformReport {
  return { supported: true, outcome: 'answered', value, data: undefined, native };
}

/** The body as bytes: a `Request` of a string would get a content type that nobody sent. */
function toRequest(request: FakeRequest, madeUp: string, prefix = ''): Request {
  const { method, path, search, headers, cookies, body } = request;
  const all = cookies.length > 0 ? [...headers, ['cookie', cookies.join('; ')] as const] : headers;
  return new Request(`https://${hostOf(request) || madeUp}${prefix}${path}${search && `?${search}`}`, {
    method,
    headers: all.map(([name, value]): [string, string] => [name, value]),
    body: method === 'GET' || method === 'HEAD' || body === undefined ? null : Buffer.from(body as string),
  });
}
