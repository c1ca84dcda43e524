/** An async generator is streamed on every platform, and ended when the client leaves. */
import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage } from 'node:http';
import { bytes, defineFunction, http } from '@tradewind/core';
import { fakeHttp } from '@tradewind/core/testing';
import { expect, test } from 'vitest';
import { node } from './node/index.js';
import { everyPlatform } from './testing/index.js';

const onGet = http({ method: 'GET', path: '/' });

test('every platform sends what a generator yields', async () => {
  const fn = defineFunction('f', onGet).handle(async function* () {
    yield 'one ü ';
    await new Promise((resolve) => setTimeout(resolve, 5));
    yield new Uint8Array([0, 255]);
  });
  const { platforms, differences } = await everyPlatform(fn, fakeHttp());
  expect(differences).toEqual([]);
  const bodies = Object.values(platforms).filter(({ supported }) => supported);
  expect(bodies.length).toBeGreaterThanOrEqual(8);
  for (const { value } of bodies)
    expect(value).toMatchObject({ status: 200, headers: { 'content-type': 'application/octet-stream' } });
});

test('a client of the server that leaves ends the generator', async () => {
  const ended = Promise.withResolvers<void>();
  const fn = defineFunction('f', onGet).handle(() => bytes(200, endless(ended.resolve)));
  const server = await node(fn).listen({ port: 0, host: '127.0.0.1' });
  try {
    const request: ClientRequest = get({ port: server.port, host: '127.0.0.1' });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    await once(response, 'data');
    request.destroy();
    await ended.promise;
  } finally {
    await server.close();
  }
});

async function* endless(end: () => void) {
  try {
    for (;;) {
      yield 'tick ';
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    end();
  }
}
