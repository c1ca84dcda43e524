import { type RequestListener, Server } from 'node:http';
import { node } from '@tradewind/adapters/node';
import type { AnyFunction } from '@tradewind/core';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { posted, published, publishedStructured, push, type Sent } from '../golden/google.ts';
import { everything, handled, nightly, other, RUNS, shipped, work } from './functions.ts';
import { mutate, mutations } from './mutate.ts';
import { exchange, requests } from './requests.ts';

/** What answers the requests of a server of functions. */
async function listener(...functions: AnyFunction[]): Promise<RequestListener> {
  const listen = vi.spyOn(Server.prototype, 'listen');
  const running = await node(...(functions as [typeof work])).listen({
    port: 0,
    host: '127.0.0.1',
    messages: 'private-network',
  });
  const [server] = listen.mock.contexts as Server[];
  listen.mockRestore();
  await running.close();
  return server?.listeners('request')[0] as RequestListener;
}

afterEach(() => {
  expect('polluted' in {}).toBe(false);
});

test.each([
  ['one function', [everything]],
  ['several, and those to which messages are posted', [everything, other, work, shipped, nightly]],
])('10,000 requests to %s are answered, none with a 500', async (_name, functions) => {
  const answer = await listener(...functions);
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      expect(await exchange(answer, request)).not.toBe(500);
    }),
    RUNS,
  );
});

const NAME = /^[a-z0-9_-]+$/;
const VALUE = /^[\x20-\x7e]*$/;
const ce = {
  'ce-specversion': '1.0',
  'ce-id': 'e-1',
  'ce-source': '/s',
  'ce-type': 't',
  'content-type': 'application/json',
};
const structured = { specversion: '1.0', id: 'e-1', source: '/s', type: 't', data: { id: '1' } };
const asStructured = { 'content-type': 'application/cloudevents+json' };

describe('10,000 mutations are handled, or refused', () => {
  test.each<[string, AnyFunction, Sent]>([
    ['a push of Pub/Sub', work, push],
    ['a message from Eventarc, binary', work, published],
    ['a message from Eventarc, structured', work, publishedStructured],
    ['a CloudEvent, binary', shipped, { headers: ce, body: { id: '1' } }],
    ['a CloudEvent, structured', shipped, { headers: asStructured, body: structured }],
    ['a job of Cloud Scheduler', nightly, posted],
  ])('%s', async (_name, fn, golden) => {
    const answer = await listener(fn, other);
    let done = 0;
    await fc.assert(
      fc.asyncProperty(mutations, async (all) => {
        handled.length = 0;
        const { path, headers, body } = Object(mutate({ path: `/${fn.name}`, ...golden }, all)) as Record<
          string,
          unknown
        >;
        const status = await exchange(answer, {
          method: 'POST',
          url: typeof path === 'string' && VALUE.test(path) ? path : `/${fn.name}`,
          // What a server's parser lets through.
          headers: Object.entries(Object(headers) as object).filter(
            ([name, value]) => NAME.test(name) && typeof value === 'string' && VALUE.test(value),
          ),
          body: typeof body === 'string' ? body : (JSON.stringify(body) ?? ''),
        });
        expect(status === 204 || (status >= 400 && status <= 500), String(status)).toBe(true);
        expect(handled).toHaveLength(Number(status === 204));
        done += handled.length;
      }),
      RUNS,
    );
    expect(done).toBeGreaterThan(500);
  });
});
