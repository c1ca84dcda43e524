import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import * as framework from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { type CloudEvent, defineFunction, queue, type Transport } from '@tradewind/core';
import type { InvocationContext } from '@tradewind/core/adapter';
import { fakeMessage, type InvokeOptions, invoke } from '@tradewind/core/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { cloudEvents } from './index.js';

const event: CloudEvent = {
  id: 'm-1',
  source: '/tradewind/place',
  type: 'order.shipped',
  time: '2026-01-02T03:04:05.000Z',
  subject: 'Grüße 😀',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  extensions: { tenant: 't' },
  data: { a: 'Ä € 😀' },
};

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});
async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const answering = (listener: RequestListener): Promise<string> => listening(createServer(listener));

async function send(by: Transport, more: InvokeOptions = {}, sent = event): Promise<void> {
  const fn = defineFunction('place', queue({ queue: 'in' })).handle((_event, context) =>
    by.send(sent, {}, context as unknown as InvocationContext),
  );
  await invoke(fn, fakeMessage(undefined), more);
}
const failure = (by: Transport, more?: InvokeOptions): Promise<Error & { code: string; cause?: unknown }> =>
  send(by, more).then(
    () => expect.fail('it was taken'),
    (error) => error,
  );

describe('what is posted', () => {
  test('is the event, with a URL and headers from the context', async () => {
    const came: unknown[] = [];
    const url = await answering(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const { method, url: path, headers } = request;
      came.push({ method, path, headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.writeHead(202).end();
    });
    const broker = cloudEvents((context) => (context.rawEnv as { BROKER: string }).BROKER, {
      headers: async () => ({ authorization: 'Bearer t', 'Content-Type': 'text/plain' }),
    });
    await send(broker, { env: { BROKER: `${url}/default?key=k` } });
    const { extensions, ...known } = event;
    expect(came).toEqual([
      {
        method: 'POST',
        path: '/default?key=k',
        headers: expect.objectContaining({
          'content-type': 'application/cloudevents+json; charset=utf-8',
          authorization: 'Bearer t',
        }),
        body: { specversion: '1.0', datacontenttype: 'application/json', ...extensions, ...known },
      },
    ]);
  });

  test('is read by a function on Google Cloud', async () => {
    const came: unknown[] = [];
    framework.cloudEvent('receiver', (received: unknown) => {
      came.push(received);
    });
    await send(cloudEvents(await listening(getTestServer('receiver') as Server)));
    expect(came).toMatchObject([
      { id: 'm-1', type: event.type, subject: event.subject, tenant: 't', data: event.data },
    ]);
  });

  test('is sent with the user’s own fetch, called as a function', async () => {
    const own = vi.fn(async function (this: unknown) {
      // A Worker's own fetch refuses to be called as a method.
      expect(this).toBeUndefined();
      return new Response(null, { status: 204 });
    });
    await send(cloudEvents('https://broker.example/', { fetch: own }));
    expect(own).toHaveBeenCalledOnce();
  });
});

describe('the answer', () => {
  test.each([200, 201, 202, 204, 299])('%s means that the event was accepted', async (status) => {
    await send(cloudEvents(await answering((_request, response) => response.writeHead(status).end())));
  });

  test.each([300, 301, 302, 304, 307, 308, 400, 401, 404, 409, 413, 429, 500, 503])(
    '%s says that it was not',
    async (status) => {
      const seen = vi.fn();
      const url = await answering((request, response) => {
        seen(request.url);
        response.writeHead(status, { location: '/elsewhere' }).end(status === 304 ? undefined : 'a secret');
      });
      const error = await failure(cloudEvents(url));
      expect(error).toMatchObject({
        code: 'unavailable',
        retryable: true,
        message: `cloudEvents(...): the receiver did not accept the event: it responded with ${status}.`,
      });
      expect(seen.mock.calls).toEqual([['/']]);
    },
  );

  test('is enough: the body is not awaited', async () => {
    const closed = new Promise<void>((resolve) => {
      answering((request, response) => {
        request.socket.on('close', () => resolve());
        response.writeHead(200);
        response.write('still');
      }).then((url) => send(cloudEvents(url)));
    });
    await closed;
  });
});

describe('without an answer', () => {
  const hanging = () => answering(() => {});

  test('the timeout ends it', async () => {
    const error = await failure(cloudEvents(await hanging(), { timeout: 50 }));
    expect(error).toMatchObject({
      code: 'unavailable',
      message: 'cloudEvents(...): the receiver did not accept the event: no response within 50 ms.',
    });
  });

  test('the margin before the deadline ends it earlier', async () => {
    const error = await failure(cloudEvents(await hanging()), { deadline: Date.now() + 100 });
    expect(error).toMatchObject({ code: 'timeout', message: "The deadline of 'place' is near." });
  });

  test('and past the deadline nothing is sent', async () => {
    const own = vi.fn(async () => new Response());
    const controller = new AbortController();
    controller.abort(new Error('over'));
    const context = { signal: controller.signal } as InvocationContext;
    await expect(cloudEvents('https://broker.example', { fetch: own }).send(event, {}, context)).rejects.toThrow(
      'over',
    );
    expect(own).not.toHaveBeenCalled();
  });

  test('the timeout also ends a token function and a fetch that ignore the signal', async () => {
    const never = () => new Promise<never>(() => {});
    for (const options of [{ headers: never }, { fetch: never }]) {
      const error = await failure(cloudEvents('https://broker.example', { ...options, timeout: 20 }));
      expect(error.code).toBe('unavailable');
    }
    expect((await failure(cloudEvents(never, { timeout: 20 }))).code).toBe('unavailable');
  });

  test.each([Number.MAX_VALUE, Number.POSITIVE_INFINITY, 0.5])('a timeout of %s ms is valid', async (timeout) => {
    const own = async () => new Response();
    await send(cloudEvents('https://broker.example', { fetch: own, timeout }));
  });

  test('a connection that closes is an error', async () => {
    const url = await answering((request) => request.socket.destroy());
    expect((await failure(cloudEvents(url))).message).toMatch(/: no response \(TypeError \w+\)\.$/);
  });

  test('a refused connection is an error without the address', async () => {
    const url = await answering(() => {});
    await new Promise((resolve) => servers.pop()?.close(resolve));
    await new Promise((resolve) => connect(Number(new URL(url).port), '127.0.0.1').on('error', resolve));
    const error = await failure(cloudEvents(`${url}/?key=secret`));
    expect(error.message).toBe(
      'cloudEvents(...): the receiver did not accept the event: no response (TypeError ECONNREFUSED).',
    );
    expect(error.cause).toBeUndefined();
  });
});

describe('errors quote nothing', () => {
  test.each([
    ['https://user:secret@broker.example/', '`url` must not contain a user name or password'],
    ['https://secret@broker.example/', '`url` must not contain a user name or password'],
    ['secret', 'starts with https: or http:'],
    ['ftp://secret.example', 'starts with https: or http:'],
    ['', 'starts with https: or http:'],
    [undefined, 'starts with https: or http:'],
  ])('of the URL %s', async (url, why) => {
    expect(() => cloudEvents(url as string)).toThrow(why);
    const error = await failure(cloudEvents(() => url as string));
    expect(error).toMatchObject({ code: 'misconfigured', message: expect.stringContaining(why) });
    expect(error.message).not.toMatch(/secret|broker/);
  });

  test('of a header', async () => {
    const error = await failure(cloudEvents('https://broker.example', { headers: { authorization: 'secret\n\0' } }));
    expect(error).toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('cloudEvents(...): `headers` must be valid'),
    });
    expect(String(error.stack)).not.toContain('secret');
  });

  test('of what a fetch throws', async () => {
    for (const thrown of ['secret', null, new Error('secret')]) {
      const own = () => {
        throw thrown;
      };
      expect((await failure(cloudEvents('https://broker.example', { fetch: own }))).message).not.toContain('secret');
    }
  });

  test.each([0, -1, Number.NaN])('of a timeout of %s ms', (timeout) => {
    expect(() => cloudEvents('https://broker.example', { timeout })).toThrow('timeout of cloudEvents');
  });
});
