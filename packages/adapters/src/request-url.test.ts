import { defineFunction, type HttpTrigger, http, text } from '@tradewind/core';
import { type FakeRequest, fakeHttp, resolveRequest } from '@tradewind/core/testing';
import { describe, expect, test } from 'vitest';
import { lambda } from './lambda/index.js';
import { toAlb, toApiGatewayV1, toFunctionUrl, toHttpApi } from './testing/lambda-http.js';
import { lambdaContext } from './testing/pretend.js';

const define = defineFunction.logger({ debug() {}, info() {}, warn() {}, error() {} });
const fn = define('f', http({ method: 'GET', path: '/open/:x' })).handle(({ request }) => text(200, request.url));
const trigger = fn.trigger as HttpTrigger;
type Event = (request: FakeRequest) => object;

describe.each<[string, Event]>([
  ['a function URL', (request) => toFunctionUrl(request)],
  ['an HTTP API', (request) => toHttpApi(request, trigger)],
  ['a REST API', (request) => toApiGatewayV1(request, trigger)],
  ['a load balancer', (request) => toAlb(request, false)],
  ['a load balancer with several values', (request) => toAlb(request, true)],
])('the URL of a request from %s', (_source, toEvent) => {
  async function urlFor(host: string, change: Partial<FakeRequest> = {}): Promise<string | number> {
    const request = await resolveRequest(trigger, fakeHttp({ params: { x: '1' } }) as never);
    const event = toEvent({ ...request, ...change }) as { headers?: object; multiValueHeaders?: object };
    for (const [headers, value] of [
      [event.headers, host],
      [event.multiValueHeaders, [host]],
    ] as const) {
      const name = Object.keys(headers ?? {}).find((one) => one.toLowerCase() === 'host');
      if (name) Object.assign(headers ?? {}, { [name]: value });
    }
    const answer = (await lambda(fn)(event, lambdaContext())) as { statusCode: number; body: string };
    return answer.statusCode === 200 ? answer.body : answer.statusCode;
  }

  test.each(['a.example/admin?', 'a.example#', 'a.example?', 'user@a.example', 'a.example\\admin', 'a.example:x'])(
    'has no path but its own, whatever the host is: %s',
    async (host) => {
      expect(await urlFor(host)).toBe(400);
    },
  );
  test('has the host', async () => {
    expect(await urlFor('a.example')).toBe('https://a.example/open/1');
    expect(await urlFor('a.example:8443')).toBe('https://a.example:8443/open/1');
    expect(await urlFor('[::1]:8443')).toBe('https://[::1]:8443/open/1');
    expect(await urlFor('')).toBe('https://localhost/open/1');
  });
  test('is not made of a path that a URL would resolve to another one', async () => {
    for (const path of ['/open/..', '/open/%2E%2e', '/open/.']) expect(await urlFor('a.example', { path })).toBe(400);
    expect(await urlFor('a.example', { path: '/open/..a' })).toBe('https://a.example/open/..a');
  });
});
