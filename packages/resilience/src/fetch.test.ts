import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { FunctionError } from '@tradewind/core';
import { virtualClock } from '@tradewind/core/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  circuitBreaker,
  compose,
  constant,
  fallback,
  hedge,
  isRefused,
  type RetryOptions,
  resilientFetch,
  retry,
  retryBudget,
  timeout,
} from './index.js';
import { retryAfter } from './retry-after.js';

type Handler = (request: IncomingMessage, response: ServerResponse, call: number) => void;

let server: Server;
let url: string;
let handler: Handler;
let calls: { method: string; body: string }[];
beforeEach(async () => {
  calls = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    calls.push({ method: String(request.method), body: Buffer.concat(chunks).toString() });
    handler(request, response, calls.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Responds with each status in turn, then always with the last one. */
const statuses =
  (...all: number[]): Handler =>
  (_request, response, call) => {
    response.statusCode = all[Math.min(call, all.length) - 1] as number;
    response.end(`answer ${call}`);
  };
const quick = (options: RetryOptions = {}) =>
  resilientFetch(retry({ backoff: constant(0), budget: false, ...options }));

describe('a response', () => {
  test.each([500, 502, 503, 504, 408, 425, 429])('of %i is retried', async (status) => {
    handler = statuses(status, status, 200);
    const response = await quick()(url);
    expect([response.status, await response.text(), calls.length]).toEqual([200, 'answer 3', 3]);
  });

  test.each([200, 204, 304, 400, 401, 404, 409, 422])('of %i is returned', async (status) => {
    handler = statuses(status);
    expect((await quick()(url, { redirect: 'manual' })).status).toBe(status);
    expect(calls).toHaveLength(1);
  });

  test('that stays bad is returned whole, as with fetch', async () => {
    handler = statuses(503);
    const response = await quick({ attempts: 2 })(url);
    expect([response.status, await response.text()]).toEqual([503, 'answer 2']);
  });

  test('counts in a circuit, which then refuses calls', async () => {
    handler = statuses(500);
    const guarded = resilientFetch(circuitBreaker({ name: 'stock', failures: 2 }));
    await guarded(url);
    await guarded(url);
    const error = await guarded(url).catch((refused) => refused);
    expect(isRefused(error)).toBe(true);
    expect(calls).toHaveLength(2);
  });

  test('of 4xx does not count against the service', async () => {
    handler = statuses(404);
    const breaker = circuitBreaker({ name: 'stock', failures: 1 });
    await resilientFetch(breaker)(url);
    expect(breaker.state).toBe('closed');
  });

  test('is replaced by a fallback’s value', async () => {
    handler = statuses(500);
    const guarded = resilientFetch(
      compose(
        fallback(() => 'cached' as const),
        retry({ attempts: 1 }),
      ),
    );
    expect(await guarded(url)).toBe('cached');
  });
});

describe('a request', () => {
  test.each([
    ['GET', {}, 500, 3],
    ['PUT', {}, 500, 3],
    ['DELETE', {}, 500, 3],
    ['POST', {}, 500, 1],
    ['PATCH', {}, 503, 1],
    ['POST', {}, 429, 3],
    ['POST', { 'Idempotency-Key': '"k"' }, 500, 3],
    ['POST', { 'Idempotency-Key': 'k' }, 500, 3],
    ['POST', { 'Idempotency-Key': '' }, 500, 1],
    ['POST', { 'Idempotency-Key': ' ' }, 500, 1],
    ['POST', { 'Idempotency-Key': '""' }, 500, 1],
  ])('%s %j answered %i is sent %i times', async (method, headers, status, count) => {
    handler = statuses(status);
    expect((await quick()(url, { method, headers })).status).toBe(status);
    expect(calls).toHaveLength(count);
  });

  test('has its body with every attempt, even if it is a Request', async () => {
    handler = statuses(500, 500, 200);
    await quick()(url, { method: 'PUT', body: 'tea' });
    await quick()(new Request(url, { method: 'PUT', body: 'tea' }));
    expect(calls.map(({ body }) => body)).toEqual(['tea', 'tea', 'tea', 'tea']);
  });

  test('whose body is a stream is sent once', async () => {
    handler = statuses(500);
    const body = new Blob(['tea']).stream();
    const init = { method: 'PUT', body, duplex: 'half' } as RequestInit;
    expect((await quick()(url, init)).status).toBe(500);
    expect(calls).toEqual([{ method: 'PUT', body: 'tea' }]);
  });

  test('whose connection breaks is sent again only if it is idempotent; the error is that of fetch', async () => {
    handler = (request) => void request.socket.destroy();
    await expect(quick()(url, { method: 'POST' })).rejects.toBeInstanceOf(TypeError);
    expect(calls).toHaveLength(1);
    await expect(quick()(url)).rejects.toBeInstanceOf(TypeError);
    expect(calls).toHaveLength(4);
  });

  test('whose connection was never made is sent again, whatever its method', async () => {
    server.close();
    server.closeAllConnections();
    let tries = 0;
    const counting = resilientFetch(
      retry({
        backoff: () => {
          tries++;
          return 0;
        },
      }),
    );
    await expect(counting(url, { method: 'POST' })).rejects.toBeInstanceOf(TypeError);
    expect(tries).toBe(2);
  });

  test('ends with its own signal, its Request’s, or its context’s', async () => {
    handler = () => {};
    const aborted = async (...args: Parameters<ReturnType<typeof quick>>) =>
      quick()(...args).catch((error) => error.message);
    expect(await aborted(url, { signal: AbortSignal.abort(new Error('own')) })).toBe('own');
    expect(await aborted(new Request(url, { signal: AbortSignal.abort(new Error('request')) }))).toBe('request');
    expect(await aborted(url, {}, { signal: AbortSignal.abort(new Error('context')) })).toBe('context');
    const controller = new AbortController();
    const call = aborted(url, { signal: controller.signal }, { deadline: Date.now() + 60_000 });
    setTimeout(() => controller.abort(new Error('later')), 20);
    expect(await call).toBe('later');
  });

  test('gives up if the response asks for more time than is left', async () => {
    handler = (_request, response) => {
      response.writeHead(503, { 'retry-after': '60' }).end();
    };
    const start = performance.now();
    expect((await quick()(url, {}, { deadline: Date.now() + 5_000 })).status).toBe(503);
    expect(calls).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(4_000);
  });

  test('waits for as long as the response asks for', async () => {
    const clock = virtualClock(Date.parse('2026-01-01T00:00:00Z'));
    const headers = ['7', 'Thu, 01 Jan 2026 00:00:30 GMT'];
    const at: number[] = [];
    handler = (_request, response, call) => {
      at.push(clock.now());
      const header = headers[call - 1];
      if (header) response.writeHead(503, { 'retry-after': header });
      response.end();
    };
    const answer = quick()(url, {}, { clock });
    for (let look = 0; look < 200 && at.length < 3; look++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await clock.advance(1_000);
    }
    expect((await answer).status).toBe(200);
    const [first = 0, second = 0, third = 0] = at;
    expect(second - first).toBeGreaterThanOrEqual(7_000);
    expect(third).toBeGreaterThanOrEqual(Date.parse('2026-01-01T00:00:30Z'));
  });
});

test('responses that nobody reads keep no connection', async () => {
  handler = (_request, response, call) => {
    response.statusCode = call % 3 === 0 ? 200 : 500;
    response.end('x'.repeat(1_000_000));
  };
  const budget = retryBudget({ floor: 1_000 });
  for (let call = 0; call < 10; call++) await (await quick({ budget })(url)).arrayBuffer();
  const open = await new Promise<number>((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
  expect(open).toBeLessThan(10);
});

test.each([
  ['120', 120_000],
  [' 0 ', 0],
  ['Thu, 01 Jan 1970 00:01:00 GMT', 60_000],
  ['Thursday, 01-Jan-70 00:01:00 GMT', 60_000],
  ['Thu Jan  1 00:01:00 1970 GMT', 60_000],
  ['Wed, 31 Dec 1969 23:00:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['2026', 2_026_000],
  ['', undefined],
  [null, undefined],
])('Retry-After: %s', (header, ms) => {
  expect(retryAfter(header, 0)).toBe(ms);
});

test.each([
  ['fetch', fetch, 'function'],
  ['a function that makes a policy', retry, 'function'],
  ['an object', {}, 'an object with []'],
])('a value that is no policy is refused: %s', (_name, given, came) => {
  const message = `resilientFetch(...): \`policy\` must be a policy, see compose(...); got ${came}.`;
  expect(() => resilientFetch(given as never)).toThrow(message);
});

test('a fallback’s own error is thrown', async () => {
  const failing = resilientFetch(
    fallback(() => {
      throw new FunctionError('bad_gateway', 'own');
    }),
  );
  handler = statuses(500);
  await expect(failing(url)).rejects.toThrow('own');
});

describe('a POST is sent once', () => {
  const slow: Handler = (_request, response) => void setTimeout(() => response.end(), 200);
  test.each([
    ['by a retry around a timeout', () => compose(retry({ backoff: constant(1) }), timeout(30)), slow],
    ['by a hedge', () => hedge({ after: 10, idempotent: true }), slow],
    ['by a retry of everything', () => retry({ when: () => true, backoff: constant(1) }), statuses(502)],
    [
      'by a retry after a reset',
      () => retry({ backoff: constant(1) }),
      ((request) => void request.socket.destroy()) as Handler,
    ],
  ])('%s', async (_name, policy, how) => {
    handler = how;
    for (const init of [{ method: 'POST', body: 'pay' }, { method: 'PATCH' }]) {
      await resilientFetch(policy())(url, init).catch(() => {});
    }
    await resilientFetch(policy())(new Request(url, { method: 'POST', body: 'pay' })).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls).toHaveLength(3);
  });

  test('but a hedge sends a GET twice', async () => {
    handler = slow;
    await resilientFetch(hedge({ after: 10, idempotent: true }))(url);
    expect(calls).toHaveLength(2);
  });
});

test.each([
  [
    'an iterator',
    () =>
      (async function* () {
        yield Buffer.from('tea');
      })(),
  ],
  ['a stream of Node', () => Readable.from([Buffer.from('tea')])],
  ['a web stream', () => new Blob(['tea']).stream()],
])('a body that can be read only once is sent once: %s', async (_name, body) => {
  handler = statuses(503, 200);
  const init = { method: 'PUT', body: body(), duplex: 'half' } as unknown as RequestInit;
  expect((await quick()(url, init)).status).toBe(503);
  expect(calls).toEqual([{ method: 'PUT', body: 'tea' }]);
});

test('a response that is not returned keeps no connection', async () => {
  handler = (_request, response) => {
    response.statusCode = 503;
    response.end('x'.repeat(1_000_000));
  };
  const policies = [
    compose(
      fallback(() => undefined),
      retry({ backoff: constant(0), budget: false }),
    ),
    compose(retry({ backoff: constant(0), budget: false }), circuitBreaker({ name: 'x', failures: 2 })),
    compose(timeout(20), retry({ backoff: constant(1_000), leastTime: 0, budget: false })),
  ];
  for (const policy of policies) {
    for (let call = 0; call < 20; call++)
      await resilientFetch(policy)(url).then(
        (answer) => answer?.body?.cancel(),
        () => {},
      );
  }
  await vi.waitFor(async () => {
    const open = await new Promise<number>((resolve, reject) =>
      server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
    expect(open).toBeLessThan(10);
  });
});

test('an invalid request is not retried, and opens no circuit', async () => {
  const breaker = circuitBreaker({ name: 'x', failures: 1 });
  const guarded = resilientFetch(
    compose(
      fallback(() => 'hidden'),
      retry(),
      breaker,
    ),
  );
  await expect(guarded('no url')).rejects.toBeInstanceOf(TypeError);
  expect(breaker.state).toBe('closed');
});

test('an error names only the method and the host of the request', async () => {
  handler = statuses(503);
  const errors: unknown[] = [];
  await resilientFetch(fallback((error) => void errors.push(error)))(`${url}path?key=secret`, { method: 'DELETE' });
  expect((errors[0] as Error).message).toBe(`DELETE ${new URL(url).host} was answered 503.`);
});
