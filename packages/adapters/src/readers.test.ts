/** Whoever reads a request's headers reads the same: `headers.get`, a loop, `request`, and a middy guest. */
import { defineFunction, type HttpEvent, http } from '@tradewind/core';
import type { FakeRequest } from '@tradewind/core/testing';
import { describe, expect, test } from 'vitest';
import { lambda } from './lambda/index.js';
import { fromMiddy, type MiddyEvent } from './middy/index.js';
import { answering } from './node/answering.js';
import { onAzure } from './testing/azure.js';
import { onGcf } from './testing/gcf.js';
import { toAlb, toApiGatewayV1, toFunctionUrl, toHttpApi } from './testing/lambda-http.js';
import { overLoopback } from './testing/loopback.js';
import { fromWire, lambdaContext, onWorkers, workersContext } from './testing/pretend.js';

type Pairs = readonly (readonly [string, string])[];
const all: Readonly<Record<'loop' | 'get' | 'request' | 'guest', Pairs>>[] = [];

let guest: MiddyEvent['headers'] = {};
const fn = defineFunction('f', http({ method: 'POST', path: '/' }))
  .use(
    fromMiddy({
      before({ event }: { event: MiddyEvent }) {
        guest = { ...event.headers };
      },
    }),
  )
  .handle((event) => {
    const { headers, request } = event as HttpEvent;
    const loop = [...headers].toSorted();
    all.push({
      loop,
      get: loop.map(([name]) => [name, String(headers.get(name.toUpperCase()))]),
      request: [...request.headers].toSorted(),
      guest: Object.entries(guest)
        .map(([name, value]): [string, string] => [name.toLowerCase(), value])
        .toSorted(),
    });
  });

const city = Buffer.from('Srīperumbūdūr, é').toString('latin1');
const fake: FakeRequest = {
  method: 'POST',
  path: '/',
  search: '',
  headers: [
    ['x-city', city],
    ['x-a', '1'],
    ['x-a', '2'],
  ],
  cookies: ['a=1', 'b=2'],
  // Without a content type.
  body: '{"a":1}',
};
const native = (): Request =>
  new Request('https://fake.test/', {
    method: 'POST',
    headers: [...fake.headers.map((pair): [string, string] => [...pair]), ['cookie', fake.cookies.join('; ')]],
    body: Buffer.from(String(fake.body)),
  });
const onLambda = (event: object): Promise<unknown> => lambda(fn)(fromWire(event), lambdaContext());

describe('the headers of a request', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['a function URL', () => onLambda(toFunctionUrl(fake))],
    ['an HTTP API', () => onLambda(toHttpApi(fake, fn.trigger as never))],
    ['a REST API', () => onLambda(toApiGatewayV1(fake, fn.trigger as never))],
    ['a load balancer', () => onLambda(toAlb({ ...fake, headers: fake.headers.slice(0, 2) }, false))],
    ['a load balancer, multi-value', () => onLambda(toAlb(fake, true))],
    ['Azure', () => onAzure(fn)(native())],
    ['Google', () => overLoopback(onGcf(fn).answer, fake)],
    ['Workers', () => onWorkers(fn).fetch(native(), {}, workersContext())],
    ['Node', () => overLoopback(answering([fn], new Set()), fake)],
  ])('%s', async (name, run) => {
    await run();
    const seen = all.pop();
    expect(seen?.get).toEqual(seen?.loop);
    expect(seen?.request).toEqual(seen?.loop);
    // HTTP APIs, whose events guests know, join with a comma alone.
    expect(seen?.guest.map(([header, value]) => [header, value.replaceAll(', ', ',')])).toEqual(
      seen?.loop.map(([header, value]) => [header, value.replaceAll(', ', ',')]),
    );
    const headers = Object.fromEntries(seen?.loop ?? []);
    expect(headers).toMatchObject({ cookie: 'a=1; b=2', 'x-city': city });
    expect(headers['x-a']?.replace(', ', ',')).toBe(name === 'a load balancer' ? '1' : '1,2');
    expect(headers['content-type']).toBeUndefined();
  });
});
