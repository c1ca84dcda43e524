import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compose, constant, resilientFetch, retry } from './index.js';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that redirects `/<status>?<location>`, and answers everything else. */
class Origin {
  readonly seen: Seen[] = [];
  readonly #server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    this.seen.push({ method, path: url, headers, body: Buffer.concat(chunks).toString() });
    const [, status, location] = /^\/(\d{3})(?:\?(.*))?$/.exec(url) ?? [];
    response.statusCode = url === '/loop' ? 302 : Number(status ?? 200);
    if (url === '/loop') response.setHeader('location', '/loop');
    if (location !== undefined) response.setHeader('location', decodeURIComponent(location));
    response.end(`answer to ${method}`);
  });
  url = '';

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    return this;
  }
  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
  to(status: number, location: string): string {
    return `${this.url}/${status}?${encodeURIComponent(location)}`;
  }
}

let own: Origin;
let other: Origin;
beforeEach(async () => {
  [own, other] = await Promise.all([new Origin().start(), new Origin().start()]);
});
afterEach(() => {
  own.stop();
  other.stop();
});

const call = resilientFetch(compose());
const SECRETS = {
  authorization: 'Bearer secret',
  cookie: 'session=secret',
  'proxy-authorization': 'Basic secret',
  'x-api-key': 'secret',
  'x-functions-key': 'secret',
  'idempotency-key': '"secret"',
  'x-anything': 'secret',
  'if-none-match': '"secret"',
};
const HARMLESS = { accept: 'application/json', 'accept-language': 'de', range: 'bytes=0-9', 'user-agent': 'tea' };
const headers = { ...SECRETS, ...HARMLESS, 'content-type': 'text/plain' };
const STATUSES = [301, 302, 303, 307, 308];

describe.each(STATUSES)('a redirect to another origin, %i', (status) => {
  test.each(['GET', 'HEAD'])('is followed by a %s, without what was meant for its own', async (method) => {
    for (const input of [own.to(status, `${other.url}/end`), new URL(own.to(status, `${other.url}/end`))]) {
      const response = await call(input, { method, headers });
      expect([response.status, response.redirected, response.url]).toEqual([200, true, `${other.url}/end`]);
    }
    const response = await call(new Request(own.to(status, `${other.url}/end`), { method, headers }));
    expect(response.status).toBe(200);
    expect(own.seen.every((seen) => seen.headers['x-api-key'] === 'secret')).toBe(true);
    expect(other.seen.map((seen) => seen.method)).toEqual([method, method, method]);
    for (const seen of other.seen) {
      expect(seen).toMatchObject({ headers: HARMLESS, body: '' });
      expect(JSON.stringify(seen.headers)).not.toContain('secret');
    }
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('of a %s does not pass on a header or the body', async (method) => {
    const to = own.to(status, `${other.url}/end`);
    const init = { method, headers, body: 'secret' };
    const responses = [await call(to, init), await call(new Request(to, init))];
    const isGet = status === 303 || (method === 'POST' && status < 303);
    expect(responses.map((response) => response.status)).toEqual(isGet ? [200, 200] : [status, status]);
    expect(other.seen.map((seen) => [seen.method, seen.body])).toEqual(
      isGet
        ? [
            ['GET', ''],
            ['GET', ''],
          ]
        : [],
    );
    expect(JSON.stringify(other.seen)).not.toMatch(/secret|text\/plain/);
    // What is not followed is the response.
    for (const response of responses) {
      expect(response.headers.get('location')).toBe(isGet ? null : `${other.url}/end`);
      expect(await response.text()).toBe(isGet ? 'answer to GET' : `answer to ${method}`);
    }
  });

  test('of a DELETE without a body is not followed either, unless it becomes a GET', async () => {
    const response = await call(own.to(status, `${other.url}/end`), { method: 'DELETE', headers: SECRETS });
    expect(response.status).toBe(status === 303 ? 200 : status);
    expect(other.seen.map((seen) => seen.method)).toEqual(status === 303 ? ['GET'] : []);
  });
});

describe.each(STATUSES)('a redirect within the origin, %i', (status) => {
  test.each(['GET', 'POST', 'PUT'])('of a %s is followed as by fetch', async (method) => {
    const init = { method, headers, ...(method !== 'GET' && { body: 'tea' }) };
    for (const send of [call, fetch]) {
      await send(own.to(status, '/end'), init);
      await send(new Request(own.to(status, '/end'), init));
    }
    const ends = own.seen.filter(({ path }) => path === '/end');
    const [first] = ends;
    expect(ends.map((seen) => [seen.method, seen.body, seen.headers['content-type']])).toEqual(
      ends.map(() => [first?.method, first?.body, first?.headers['content-type']]),
    );
    expect(ends).toHaveLength(4);
    expect(first?.headers).toMatchObject({ 'x-api-key': 'secret', 'idempotency-key': '"secret"' });
    const isGet = method === 'GET' || status === 303 || (method === 'POST' && status < 303);
    expect(first).toMatchObject(isGet ? { method: 'GET', body: '' } : { method, body: 'tea' });
  });
});

test('a path of redirects that comes back gets no credentials again', async () => {
  const back = other.to(302, `${own.url}/end`);
  expect((await call(own.to(302, back), { headers: SECRETS })).status).toBe(200);
  expect(own.seen.at(-1)).toMatchObject({ path: '/end' });
  expect(JSON.stringify([own.seen.at(-1), ...other.seen])).not.toContain('"secret');
});

test('another host, port or scheme is another origin', async () => {
  const { port } = new URL(other.url);
  const response = await call(own.to(307, `http://localhost:${port}/end`), { headers: SECRETS });
  expect(response.status).toBe(200);
  expect(JSON.stringify(other.seen)).not.toContain('secret');
  const secure = await call(own.to(308, own.url.replace('http:', 'https:')), { method: 'POST', headers, body: 'x' });
  expect(secure.status).toBe(308);
});

test.each(['data:text/plain,x', 'file:///etc/passwd', 'http://user:pass@127.0.0.1:1/', 'http://', 'http://[x/'])(
  'a redirect to %s is not followed',
  async (location) => {
    expect((await call(own.to(302, location))).status).toBe(302);
  },
);

test('a status without a location, and other statuses with one, are no redirect', async () => {
  expect((await call(`${own.url}/302`)).status).toBe(302);
  for (const status of [200, 201, 300, 304]) expect((await call(own.to(status, other.url))).status).toBe(status);
  expect(other.seen).toEqual([]);
});

test('a body that can be read once is not sent again', async () => {
  const body = Readable.toWeb(Readable.from([Buffer.from('tea')])) as ReadableStream;
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
  expect((await call(own.to(307, '/end'), init)).status).toBe(307);
  expect(own.seen).toHaveLength(1);
});

test('a loop ends after as many redirects as fetch follows', async () => {
  const response = await call(`${own.url}/loop`);
  expect([response.status, own.seen.length]).toEqual([302, 21]);
});

test.each(['manual', 'error'] as const)('`redirect: %s` is as with fetch', async (redirect) => {
  const to = own.to(302, `${other.url}/end`);
  for (const args of [[to, { redirect }], [new Request(to, { redirect })]] as [string, RequestInit][]) {
    const came = await call(...args).catch((error: Error) => error);
    if (redirect === 'manual') expect((came as Response).status).toBe(302);
    else expect(came).toBeInstanceOf(TypeError);
  }
  expect(other.seen).toEqual([]);
});

test('redirects that are followed keep no connection, and end with the signal', async () => {
  const controller = new AbortController();
  const called = call(own.to(302, own.to(302, '/end')), { signal: controller.signal });
  expect((await called).status).toBe(200);
  controller.abort(new Error('gone'));
  await expect(call(own.to(302, '/end'), { signal: controller.signal })).rejects.toThrow('gone');
});

describe('a POST that was redirected may have had its effect, and is not sent again', () => {
  const again = resilientFetch(retry({ backoff: constant(0), budget: false }));
  test('if the redirect leads to a 429', async () => {
    expect((await again(own.to(303, '/429'), { method: 'POST', body: 'x' })).status).toBe(429);
    expect(own.seen.map(({ method }) => method)).toEqual(['POST', 'GET']);
  });
  test('if the redirect leads to no connection', async () => {
    other.stop();
    const refused = again(own.to(303, other.url), { method: 'POST', body: 'x' });
    await expect(refused).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(own.seen.map(({ method }) => method)).toEqual(['POST']);
  });
  test('but a GET is', async () => {
    expect((await again(own.to(302, '/503'))).status).toBe(503);
    expect(own.seen).toHaveLength(6);
  });
});
