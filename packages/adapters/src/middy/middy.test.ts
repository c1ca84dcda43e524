import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { CachePersistenceLayer } from '@aws-lambda-powertools/idempotency/cache';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import middy from '@middy/core';
import httpContentNegotiation from '@middy/http-content-negotiation';
import httpCors from '@middy/http-cors';
import httpErrorHandler from '@middy/http-error-handler';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import httpSecurityHeaders from '@middy/http-security-headers';
import inputOutputLogger from '@middy/input-output-logger';
import { createError, jsonSafeParse } from '@middy/util';
import {
  beforeParsing,
  bytes,
  cookie,
  defineFunction,
  empty,
  FunctionError,
  http,
  json,
  observe,
  queue,
  text,
} from '@tradewind/core';
import { thrownBehind } from '@tradewind/core/adapter';
import { deliver, fakeHttp, fakeMessage, fakeRaw, invoke } from '@tradewind/core/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { lambda } from '../lambda/index.js';
import { everyPlatform } from '../testing/index.js';
import { fromMiddy, type MiddyMiddleware, toMiddy } from './index.js';

beforeEach(() => {
  for (const level of ['log', 'info', 'warn', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

const order = {
  '~standard': {
    version: 1,
    vendor: 'x',
    validate: (value: unknown) => ('id' in Object(value) ? { value } : { issues: [{ message: 'no id' }] }),
  },
} as const;
const post = http({ method: 'POST', path: '/orders/:shop' });
const place = (
  middlewares: readonly MiddyMiddleware[],
  handler: (context: { middy: { event: Record<string, unknown>; context: Record<string, unknown> } }) => unknown = () =>
    json(201, { done: true }),
) =>
  defineFunction('place', post)
    .use(fromMiddy(...middlewares))
    .handle((_event, context) => handler(context as never) as never);
const request = (headers: Record<string, string> = {}, body: unknown = { id: 'o-1' }) =>
  fakeHttp({ params: { shop: 'a b' }, query: { q: '1' }, headers, body });

/** The response, which must be the same on every platform. */
async function everywhere(fn: ReturnType<typeof place>, event = request()) {
  const { platforms, differences } = await everyPlatform(fn, event as never);
  expect(differences).toEqual([]);
  const answers = Object.values(platforms).filter(({ supported }) => supported);
  expect(answers.length).toBeGreaterThanOrEqual(8);
  const [answer] = answers;
  if (!answer?.value) throw new Error('There is no answer.');
  return answer.value;
}

describe('six middlewares on every platform', () => {
  test('http-cors sets who may read the response', async () => {
    const fn = place([httpCors({ origins: ['https://shop.example', 'https://other.example'], credentials: true })]);
    const { headers } = await everywhere(fn, request({ origin: 'https://shop.example' }));
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'access-control-allow-credentials': 'true',
      vary: 'Origin',
    });
    const other = await everywhere(fn, request({ origin: 'https://evil.example' }));
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('http-cors also applies to requests that the schema has refused', async () => {
    const fn = defineFunction('place', http({ method: 'POST', path: '/orders/:shop', body: order }))
      .use(fromMiddy(httpCors({ origin: '*' })))
      .handle(() => json(201, {}));
    const event = fakeRaw('http', { params: { shop: 'a' }, body: {} });
    const { status, headers, body } = await everywhere(fn as never, event as never);
    expect([status, headers['access-control-allow-origin']]).toEqual([400, '*']);
    expect(body).toMatchObject({ errors: [{ detail: 'no id' }] });
  });

  test('http-cors answers a preflight', async () => {
    const fn = defineFunction('preflight', http({ method: 'OPTIONS', path: '/orders/:shop' }))
      .use(fromMiddy(httpCors({ origin: '*', methods: 'POST', disableBeforePreflightResponse: false })))
      .handle(() => text(500, 'never'));
    const answer = await invoke(
      fn,
      fakeHttp({ params: { shop: 'a' }, headers: { origin: 'https://a.example' } }) as never,
    );
    expect(answer).toMatchObject({ status: 204, headers: { 'access-control-allow-methods': 'POST' } });
  });

  test('http-error-handler answers what was thrown', async () => {
    const failing = (error: unknown) =>
      place([httpErrorHandler({ logger: false })], () => {
        throw error;
      });
    expect(await everywhere(failing(createError(422, 'No such article.')))).toMatchObject({
      status: 422,
      headers: { 'content-type': 'text/plain' },
      body: 'No such article.',
    });
    expect(await everywhere(failing(new Error('secret')))).toMatchObject({ status: 500 });
    expect(JSON.stringify(await everywhere(failing(new Error('secret'))))).not.toContain('secret');
    // A Tradewind error has its own response.
    expect(await everywhere(failing(new FunctionError('not_found', 'No order.')))).toMatchObject({
      status: 404,
      headers: { 'content-type': 'application/problem+json' },
    });
  });

  test('http-security-headers adds its headers, also to an error', async () => {
    const { headers } = await everywhere(place([httpSecurityHeaders()]));
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'strict-transport-security': expect.stringContaining('max-age'),
      'content-type': 'application/json',
    });
    const failed = await everywhere(
      place([httpSecurityHeaders()], () => {
        throw new FunctionError('not_found');
      }),
    );
    expect(failed).toMatchObject({ status: 404, headers: { 'x-content-type-options': 'nosniff' } });
  });

  test('http-json-body-parser parses the body for later middlewares', async () => {
    const fn = place([httpJsonBodyParser()], ({ middy: { event } }) =>
      json(200, { id: (event.body as { id: string }).id, raw: 'string' }),
    );
    expect((await everywhere(fn)).body).toEqual({ id: 'o-1', raw: 'string' });
    const handled = place([httpJsonBodyParser(), httpErrorHandler({ logger: false })]);
    const broken = fakeRaw('http', {
      params: { shop: 'a' },
      headers: { 'content-type': 'application/json' },
      body: '{"id":',
    });
    expect((await everywhere(handled, broken as never)).status).toBe(422);
  });

  test('http-content-negotiation provides the client’s preferences', async () => {
    const fn = place(
      [httpContentNegotiation({ availableLanguages: ['en', 'de'], availableMediaTypes: ['application/json'] })],
      ({ middy: { context } }) => json(200, { language: context.preferredLanguage, type: context.preferredMediaType }),
    );
    const { body } = await everywhere(fn, request({ 'accept-language': 'fr,de;q=0.9', accept: 'application/json' }));
    expect(body).toEqual({ language: 'de', type: 'application/json' });
    const strict = place([
      httpContentNegotiation({ availableMediaTypes: ['application/json'] }),
      httpErrorHandler({ logger: false }),
    ]);
    expect((await everywhere(strict, request({ accept: 'image/png' }))).status).toBe(406);
  });

  test('input-output-logger logs the request and the response, without omitted paths', async () => {
    const logged: unknown[] = [];
    const logger = (entry: unknown) => void logged.push(JSON.parse(JSON.stringify(entry)));
    const fn = place([inputOutputLogger({ logger, omitPaths: ['event.headers.authorization'] } as never)]);
    await invoke(fn, request({ authorization: 'Bearer x' }) as never);
    expect(logged).toMatchObject([
      { event: { rawPath: '/orders/a%20b', queryStringParameters: { q: '1' } } },
      { response: { statusCode: 201, body: '{"done":true}' } },
    ]);
    expect(JSON.stringify(logged)).not.toContain('Bearer x');
  });
});

describe('a group', () => {
  const noted = (name: string, notes: string[]): MiddyMiddleware => ({
    before: () => void notes.push(`${name} before`),
    after: () => void notes.push(`${name} after`),
    onError: () => void notes.push(`${name} error`),
  });

  test('runs in middy’s order, around the handler', async () => {
    const notes: string[] = [];
    await invoke(
      place([noted('a', notes), noted('b', notes)], () => {
        notes.push('handler');
        return json(200, 1);
      }),
      request() as never,
    );
    expect(notes).toEqual(['a before', 'b before', 'handler', 'b after', 'a after']);
  });

  test('behaves as in middy if one responds early or fails', async () => {
    for (const middlewares of [
      (notes: string[]) => [
        noted('a', notes),
        { before: () => ({ statusCode: 203, body: 'early' }) },
        noted('b', notes),
      ],
      (notes: string[]) => [
        noted('a', notes),
        {
          before: () => {
            throw createError(418, 'teapot');
          },
        },
        noted('b', notes),
        httpErrorHandler({ logger: false }),
      ],
      (notes: string[]) => [
        noted('a', notes),
        {
          after: () => {
            throw createError(418, 'late');
          },
        },
        httpErrorHandler({ logger: false }),
      ],
      (notes: string[]) => [
        noted('a', notes),
        {
          onError: (r: { response: unknown }) => {
            r.response = { statusCode: 599, headers: {}, body: 'x' };
          },
        },
        httpErrorHandler({ logger: false }),
      ],
    ]) {
      const [ours, theirs]: [string[], string[]] = [[], []];
      const failing = () => {
        throw createError(409, 'taken');
      };
      const answer = await invoke(place(middlewares(ours) as never, failing), request() as never);
      const real = middy(failing, { timeoutEarlyInMillis: 0 }) as unknown as ReturnType<typeof toMiddy>;
      const expected = (await real.use(middlewares(theirs) as never)({ headers: {} }, {})) as Record<string, unknown>;
      expect(ours).toEqual(theirs);
      expect([answer.status, answer.body]).toEqual([expected.statusCode, expected.body]);
    }
  });

  test('that does not handle an error leaves it to Tradewind', async () => {
    const notes: string[] = [];
    const answer = await invoke(
      place([noted('a', notes)], () => {
        throw new Error('down');
      }),
      request() as never,
    );
    expect(notes).toEqual(['a before', 'a error']);
    expect(answer).toMatchObject({ status: 500, headers: { 'content-type': 'application/problem+json' } });
    const broken = place([
      {
        before: () => {
          throw new Error('guest');
        },
      },
    ]);
    expect((await invoke(broken, request() as never)).status).toBe(500);
  });

  test('leaves all kinds of bodies, cookies and headers unchanged', async () => {
    const idle: MiddyMiddleware = { after: () => {} };
    const stream = () => new Response('streamed').body;
    const answers = [
      json(200, { a: 1 }, { cookies: [cookie('a', '1'), cookie('b', '2')] }),
      text(200, 'ü'),
      bytes(200, new Uint8Array([0, 255]), 'application/octet-stream' as never),
      empty(204),
      problemOf(),
    ];
    for (const answer of answers) {
      const plain = await invoke(
        defineFunction('place', post).handle(() => answer as never),
        request() as never,
      );
      expect(
        await invoke(
          place([idle], () => answer),
          request() as never,
        ),
      ).toEqual(plain);
    }
    const streamed = await invoke(
      place([idle], () => new Response(stream())),
      request() as never,
    );
    expect(await new Response(streamed.body as ReadableStream).text()).toBe('streamed');
  });

  test('may change the response', async () => {
    const changing: MiddyMiddleware = {
      after: (guest: { response: { body: string; headers: Record<string, string> } }) => {
        guest.response.body = JSON.stringify({ ...JSON.parse(guest.response.body), more: 1 });
        guest.response.headers['Set-Cookie'] = 'c=3';
      },
    };
    const answer = await invoke(place([changing]), request() as never);
    expect(JSON.parse(answer.body as string)).toEqual({ done: true, more: 1 });
    expect(answer.cookies).toEqual(['c=3']);
  });

  test('gets the remaining time, without calling it as a method', async () => {
    const times: number[] = [];
    const asking: MiddyMiddleware = {
      before: ({ context: { getRemainingTimeInMillis } }: { context: { getRemainingTimeInMillis: () => number } }) =>
        void times.push(getRemainingTimeInMillis()),
    };
    await invoke(place([asking]), request() as never, { deadline: Date.now() + 5_000 });
    expect(times[0]).toBeGreaterThan(4_000);
  });

  test('that reads what only Lambda has gets an error; copying the context reads nothing', async () => {
    const asking: MiddyMiddleware = {
      before: ({ context }: { context: { invokedFunctionArn: string } }) => void context.invokedFunctionArn,
    };
    expect((await invoke(place([asking]), request() as never)).status).toBe(500);
    expect(String(vi.mocked(console.error).mock.calls)).toContain(
      'A middy middleware reads context.invokedFunctionArn, which exists only on Lambda; this platform is test.',
    );
    const copying: MiddyMiddleware = {
      before: ({ context }: { context: object }) => void JSON.stringify({ ...context }),
    };
    expect((await invoke(place([copying]), request() as never)).status).toBe(201);
  });

  test('may respond with a status as a string; an invalid status is an error', async () => {
    const answering = (statusCode: unknown, more = {}) =>
      place([{ before: () => ({ statusCode, body: 'denied', ...more }) }]);
    expect(await invoke(answering('401'), request() as never)).toMatchObject({ status: 401, body: 'denied' });
    for (const odd of [null, 'abc', 99, 1.5])
      expect((await invoke(answering(odd), request() as never)).status).toBe(500);
    expect(String(vi.mocked(console.error).mock.calls)).toContain('must be a number from 100 to 599; got');
    expect((await invoke(answering(200, { isBase64Encoded: true, body: '%%%' }), request() as never)).status).toBe(500);
    expect((await invoke(answering(200, { cookies: 'a=1' }), request() as never)).cookies).toEqual(['a=1']);
  });

  test('may respond with headers in either of API Gateway’s formats, and in both', async () => {
    const answering = (more: object) =>
      place([{ before: () => ({ statusCode: 401, body: 'denied', ...more }) }, { after: () => {} }]);
    const headers = { 'X-Two': 1, 'X-One': 'a', 'x-one': 'b', 'Set-Cookie': 'c=3', 'X-None': undefined };
    const multiValueHeaders = { 'Set-Cookie': ['a=1', 'b=2'], 'X-Two': ['1', '2'], 'X-None': undefined };
    expect(await invoke(answering({ multiValueHeaders }), request() as never)).toMatchObject({
      headers: { 'x-two': ['1', '2'] },
      cookies: ['a=1', 'b=2'],
    });
    const { status, ...both } = await invoke(answering({ headers, multiValueHeaders }), request() as never);
    expect(both).toEqual({
      headers: { 'x-two': ['1', '2'], 'x-one': 'b', 'content-type': 'text/plain; charset=utf-8' },
      cookies: ['a=1', 'b=2', 'c=3'],
      body: 'denied',
    });
    const { headers: sent } = await everywhere(answering({ multiValueHeaders }));
    expect(sent['x-two']).toBe('1, 2');
  });

  test('may throw a FunctionError, which becomes the response', async () => {
    const throwing = {
      before: () => {
        throw new FunctionError('unauthorized', 'Who are you?');
      },
    };
    const fn = place([throwing, httpErrorHandler({ logger: false })]);
    expect(await invoke(fn, request() as never)).toMatchObject({ status: 401, body: { detail: 'Who are you?' } });
  });

  test('has a whole number of ms left without a deadline', async () => {
    const times: number[] = [];
    const asking: MiddyMiddleware = { before: ({ context }) => void times.push(context.getRemainingTimeInMillis()) };
    await invoke(place([asking]), request() as never);
    expect(times).toEqual([900_000]);
  });

  test('with anything that is not a middleware is refused', () => {
    expect(() => fromMiddy({ before: 'x' } as never)).toThrow('functions `before`, `after` or `onError` are expected');
    expect(() => fromMiddy([httpCors()] as never)).toThrow('spread a list of middlewares, `...list`');
    expect(() => fromMiddy(httpCors as never)).toThrow('fromMiddy(...): argument 1 must be a middy middleware; got ');
  });
});

function problemOf() {
  return json(
    422,
    { type: 'about:blank' },
    { headers: { 'content-type': 'application/problem+json', 'x-a': ['1', '2'] } as never },
  );
}

/** Makes Powertools' middleware, as often as wanted over the same records. */
function powertoolsIdempotency(): () => unknown {
  const records = new Map<string, string>();
  const client = {
    get: async (key: string) => records.get(key) ?? null,
    set: async (key: string, value: string, options: { NX?: boolean } = {}) => {
      if (options.NX && records.has(key)) return null;
      records.set(key, value);
      return 'OK';
    },
    del: async (keys: string[]) => keys.filter((key) => records.delete(key)).length,
  };
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'headers."idempotency-key"' });
  const persistenceStore = new CachePersistenceLayer({ client: client as never });
  return () => makeHandlerIdempotent({ persistenceStore, config } as never);
}

test('Powertools’ idempotency and an error handler behave as one group does in middy', async () => {
  const run = async (hosted: boolean): Promise<unknown[]> => {
    const idempotent = powertoolsIdempotency();
    const group = () => [idempotent(), httpErrorHandler({ logger: false })];
    let runs = 0;
    const handler = () => {
      runs++;
      if (runs === 1) throw createError(409, 'taken');
      return { statusCode: 201, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ runs }) };
    };
    const ask = async () => {
      if (!hosted) {
        const real = middy(handler, { timeoutEarlyInMillis: 0 }) as unknown as ReturnType<typeof toMiddy>;
        const event = { headers: { 'idempotency-key': 'k' } };
        const context = { getRemainingTimeInMillis: () => 5_000, functionName: 'place' };
        const { statusCode, body } = (await real.use(group() as never)(event, context)) as {
          statusCode: number;
          body: string;
        };
        return [statusCode, body];
      }
      const fn = place(group() as never, () => {
        const { statusCode, body } = handler();
        return json(statusCode, JSON.parse(body));
      });
      const { status, body } = await invoke(fn, request({ 'idempotency-key': 'k' }) as never);
      return [status, typeof body === 'string' ? body : JSON.stringify(body)];
    };
    return [await ask(), await ask(), await ask(), runs];
  };
  const hosted = await run(true);
  expect(hosted).toEqual(await run(false));
  expect(hosted).toEqual([[409, 'taken'], [201, '{"runs":2}'], [201, '{"runs":2}'], 2]);
});

describe('Powertools’ idempotency does not record failed or refused requests as done', () => {
  const group = () => {
    return fromMiddy(powertoolsIdempotency()() as never, httpErrorHandler({ logger: false }));
  };

  test('a FunctionError', async () => {
    let runs = 0;
    const fn = defineFunction('place', post)
      .use(group())
      .handle(() => {
        if (++runs === 1) throw new FunctionError('unavailable', 'db down');
        return json(202, { runs });
      });
    const ask = async () => (await invoke(fn, request({ 'idempotency-key': 'k' }) as never)).status;
    expect([await ask(), await ask(), await ask(), runs]).toEqual([503, 202, 202, 2]);
  });

  test('a body that does not match the schema, or is not JSON', async () => {
    const fn = defineFunction('place', http({ method: 'POST', path: '/orders/:shop', body: order }))
      .use(group())
      .handle(() => json(202, {}));
    const headers = { 'idempotency-key': 'k', 'content-type': 'application/json' };
    const ask = async (body: unknown) => {
      const answer = await invoke(fn, fakeHttp({ params: { shop: 'a' }, headers, body }) as never);
      return [answer.status, JSON.stringify(answer.body)];
    };
    const [status, body] = await ask({});
    expect([status, body]).toEqual([400, expect.stringContaining('no id')]);
    expect((await ask(new TextEncoder().encode('{')))[0]).toBe(400);
    expect((await ask({ id: '1' }))[0]).toBe(202);
  });
});

describe('a thrown error', () => {
  /** The status of the response to an error, and what is logged, observed and kept for tracing. */
  const seenOf = async (error: unknown, by: 'before' | 'after' | 'handler') => {
    vi.mocked(console.error).mockClear();
    const observed: unknown[] = [];
    const kept: unknown[] = [];
    const stop = observe((news) => void ('error' in news && observed.push(news.error)));
    const fail = () => {
      throw error;
    };
    const failing: MiddyMiddleware = by === 'handler' ? { before: () => {} } : { [by]: fail };
    const fn = defineFunction('place', post)
      .use(
        beforeParsing(async (_event, _context, next) => {
          const result = await next();
          kept.push(thrownBehind(result.value)?.error);
          return result;
        }),
      )
      .use(fromMiddy(httpErrorHandler({ logger: false }), failing))
      .handle(() => (by === 'handler' ? fail() : json(201, {})));
    const { status } = await invoke(fn, request() as never);
    stop();
    return { status, lines: vi.mocked(console.error).mock.calls.length, observed, kept };
  };

  test('of a middleware is a failure like the handler’s, even if another middleware responds to it', async () => {
    for (const [error, status] of [
      [new Error('down'), 500],
      [createError(503, 'Later.'), 500],
      [Object.assign(createError(503, 'Later.'), { expose: true }), 503],
      [new FunctionError('unavailable', 'db down'), 503],
    ] as const) {
      for (const by of ['before', 'after', 'handler'] as const) {
        expect(await seenOf(error, by)).toEqual({ status, lines: 1, observed: [error], kept: [error] });
      }
    }
  });

  test('of a middleware that becomes a 4xx is not a failure', async () => {
    for (const error of [createError(406, 'Not acceptable.'), new FunctionError('conflict', 'taken')]) {
      for (const by of ['before', 'after'] as const) {
        expect(await seenOf(error, by)).toMatchObject({ status: expect.any(Number), lines: 0, observed: [] });
      }
    }
  });

  test('replaces the result, even if it is undefined', async () => {
    const throwing = {
      after: () => {
        throw undefined;
      },
    };
    expect((await invoke(place([throwing]), request() as never)).status).toBe(500);
  });
});

describe('a stream that the handler returns', () => {
  /** What is sent of a streamed secret, and whether the stream was cancelled. */
  const sentBy = async (...middlewares: MiddyMiddleware[]) => {
    let isCancelled = false;
    const chunks = ['sec', 'ret'];
    const handler = () =>
      new Response(
        new ReadableStream({
          pull: (controller) => {
            const chunk = chunks.shift();
            if (chunk) controller.enqueue(new TextEncoder().encode(chunk));
            else controller.close();
          },
          cancel: () => {
            isCancelled = true;
          },
        }),
      );
    const { status, body } = await invoke(place(middlewares, handler), request() as never);
    return [status, await new Response(body as BodyInit).text(), isCancelled];
  };
  type Guest = { response: { statusCode?: number; headers?: Record<string, string>; body?: unknown } };
  const failing: MiddyMiddleware = {
    after: () => {
      throw new Error('denied');
    },
  };

  test('is sent with the status and headers that middlewares change', async () => {
    const changing: MiddyMiddleware = {
      after: ({ response }: Guest) => void Object.assign(response, { statusCode: 206, headers: { etag: '"1"' } }),
    };
    expect(await sentBy(changing, httpSecurityHeaders())).toEqual([206, 'secret', false]);
  });

  test('is not sent but cancelled if a middleware replaces the response or its body', async () => {
    for (const response of [{ statusCode: 403 }, { statusCode: 403, headers: {} }]) {
      const assigning = { after: (guest: Guest) => void Object.assign(guest, { response }) };
      expect(await sentBy(assigning)).toEqual([403, '', true]);
      expect(await sentBy({ after: () => response })).toEqual([403, '', true]);
      expect(await sentBy(failing, { onError: assigning.after })).toEqual([403, '', true]);
    }
    const withoutBody = { after: ({ response }: Guest) => void delete response.body };
    const otherBody = { after: ({ response }: Guest) => void Object.assign(response, { body: 'other' }) };
    expect(await sentBy(withoutBody)).toEqual([200, '', true]);
    expect(await sentBy(otherBody)).toEqual([200, 'other', true]);
  });

  test('is cancelled if a middleware fails, or returns a response that cannot be sent', async () => {
    for (const broken of [failing, { after: () => ({ statusCode: 'odd' }) }]) {
      expect(await sentBy(broken)).toEqual([500, expect.any(String), true]);
    }
  });

  test('may be piped on, even if it is read only later, and may be read', async () => {
    const logged: unknown[] = [];
    const logger = (entry: { response?: { body: string } }) =>
      void (entry.response && logged.push(entry.response.body));
    expect(await sentBy(inputOutputLogger({ logger } as never))).toEqual([200, 'secret', false]);
    expect(logged).toEqual(['secret']);
    const later: MiddyMiddleware = {
      after: ({ response }: Guest) => {
        const source = response.body as AsyncIterable<Uint8Array>;
        response.body = (ReadableStream as unknown as { from(chunks: unknown): unknown }).from(
          (async function* () {
            yield* source;
          })(),
        );
      },
    };
    expect(await sentBy(later)).toEqual([200, 'secret', false]);
    const reading: MiddyMiddleware = {
      after: async ({ response }: Guest) => {
        response.body = (await new Response(response.body as BodyInit).text()).toUpperCase();
      },
    };
    expect(await sentBy(reading)).toEqual([200, 'SECRET', false]);
  });
});

describe('the event of a group', () => {
  const seen = async (event: object, platformOf: (fn: never) => unknown = lambda as never) => {
    const events: Record<string, unknown>[] = [];
    const fn = place([{ before: ({ event: came }) => void events.push(came) }]);
    await (platformOf(fn as never) as (event: object, context: object) => unknown)(event, {
      getRemainingTimeInMillis: () => 5_000,
    });
    return events[0] as Record<string, unknown> & { requestContext: Record<string, unknown> };
  };
  const native = (more: object = {}) => ({
    version: '2.0',
    rawPath: '/orders/a',
    rawQueryString: 'a=1&a=2',
    headers: { 'content-type': 'application/json', constructor: 'x' },
    requestContext: {
      http: { method: 'POST', path: '/orders/a', sourceIp: '192.0.2.1' },
      authorizer: { jwt: { claims: { sub: 'ada' } } },
      stage: '$default',
    },
    body: '{"id":"1"}',
    isBase64Encoded: false,
    ...more,
  });

  test('has on Lambda what API Gateway reports about the client, and each value of a name', async () => {
    const event = await seen(native());
    expect(event).toMatchObject({
      requestContext: { authorizer: { jwt: { claims: { sub: 'ada' } } }, http: { sourceIp: '192.0.2.1' } },
      queryStringParameters: { a: '1,2' },
      headers: { constructor: 'x' },
    });
  });

  test('throws on other platforms if something is read that only API Gateway provides', async () => {
    const asking = (ask: (event: { requestContext: Record<string, never> }) => unknown): MiddyMiddleware => ({
      before: ({ event }) => void ask(event),
    });
    for (const ask of [
      ({ requestContext }: { requestContext: Record<string, never> }) => requestContext.authorizer,
      ({ requestContext: { http: asked } }: { requestContext: Record<string, Record<string, never>> }) =>
        asked?.sourceIp,
    ]) {
      const answer = await invoke(place([asking(ask as never)]), request() as never);
      expect(answer.status).toBe(500);
    }
    expect(vi.mocked(console.error).mock.calls.flat().join()).toContain(
      'reads event.requestContext.authorizer, which exists only on Lambda; this platform is test.',
    );
  });

  test('has no body if it cannot be read, and the group gets the error', async () => {
    const fn = place([httpCors({ origin: 'https://shop.example' })]);
    const answer = (await lambda(fn as never)(native({ body: '%%%', isBase64Encoded: true }), {} as never)) as {
      statusCode: number;
      headers: Record<string, string>;
    };
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['access-control-allow-origin'] ?? answer.headers['Access-Control-Allow-Origin']).toBe(
      'https://shop.example',
    );
  });

  test('has a body of up to the function’s own limit; a larger one goes to onError', async () => {
    const bytesOf = async (size: number, maxBodySize: number) => {
      const errors: unknown[] = [];
      const noting: MiddyMiddleware = { onError: ({ error }) => void errors.push((error as FunctionError).code) };
      const fn = defineFunction('upload', http({ method: 'POST', path: '/files', maxBodySize }))
        .use(fromMiddy(noting))
        .handle(({ body }) => json(200, (body as Uint8Array).length));
      const headers = { 'content-type': 'application/octet-stream' };
      const upload = fakeRaw('http', { headers, body: new Uint8Array(size) });
      const { status, body } = await everywhere(fn as never, upload as never);
      return [status, status === 200 ? body : errors[0]];
    };
    expect(await bytesOf(2_000_000, 2_000_000)).toEqual([200, 2_000_000]);
    expect(await bytesOf(17, 16)).toEqual([413, 'content_too_large']);
  });

  test('that is too large is a 413, whatever a body parser makes of its absence', async () => {
    const fn = defineFunction('upload', http({ method: 'POST', path: '/files', maxBodySize: 16 }))
      .use(fromMiddy(httpJsonBodyParser(), httpErrorHandler({ logger: false })))
      .handle(() => json(200, {}));
    const upload = fakeRaw('http', { headers: { 'content-type': 'application/json' }, body: 'x'.repeat(17) });
    expect((await everywhere(fn as never, upload as never)).status).toBe(413);
    const guarded = defineFunction('upload', http({ method: 'POST', path: '/files', maxBodySize: 16 }))
      .use(fromMiddy({ before: () => ({ statusCode: 401 }) }, httpJsonBodyParser()))
      .handle(() => json(200, {}));
    expect((await everywhere(guarded as never, upload as never)).status).toBe(401);
  });

  test('has the body byte for byte, so that its signature can be verified', async () => {
    const body = new TextEncoder().encode('\ufeff{"id":"o-1"}');
    const seen: unknown[] = [];
    const fn = place([
      {
        before: ({ event: { body: given, isBase64Encoded } }) =>
          void seen.push(Buffer.from(given, isBase64Encoded ? 'base64' : 'utf8').toString('hex')),
      },
    ]);
    const signed = fakeRaw('http', { params: { shop: 'a' }, headers: { 'content-type': 'application/json' }, body });
    expect((await everywhere(fn, signed as never)).status).toBe(201);
    expect(new Set(seen)).toEqual(new Set([Buffer.from(body).toString('hex')]));
  });

  test('exists only for requests: a message is refused', async () => {
    const fn = defineFunction('charge', queue({ queue: 'orders' }))
      .use(fromMiddy(httpErrorHandler()) as never)
      .handle(() => {});
    const { error } = (await deliver(fn, fakeMessage(1))) as { error: Error };
    expect(error.message).toContain('fromMiddy(...) works only on HTTP functions');
  });
});

test('a middleware may add properties of any name to the context', async () => {
  const names = ['run', 'result', 'thrown', 'answerTo'];
  const adding: MiddyMiddleware = {
    before: ({ context }) => void Object.assign(context, Object.fromEntries(names.map((name) => [name, name]))),
  };
  const fn = place([adding], ({ middy: { context } }) =>
    json(
      200,
      names.map((name) => context[name]),
    ),
  );
  expect(await invoke(fn, request() as never)).toMatchObject({ status: 200, body: names });
});

test('toMiddy’s middlewares may add headers to any response', async () => {
  const fn = defineFunction('stock', http({ method: 'GET', path: '/stock' })).handle(() => json(200, 1));
  const handler = toMiddy(fn).use(httpSecurityHeaders()).use(httpErrorHandler());
  const event = { version: '2.0', rawPath: '/stock', headers: {}, requestContext: { http: { method: 'GET' } } };
  for (const rawPath of ['/stock', '/nothing']) {
    const answer = (await handler({ ...event, rawPath }, {})) as {
      statusCode: number;
      headers: Record<string, string>;
    };
    expect(answer.statusCode).toBe(rawPath === '/stock' ? 200 : 404);
    expect(answer.headers).toHaveProperty('X-Content-Type-Options', 'nosniff');
  }
});

test('toMiddy makes a middy handler, to which middlewares can be added', async () => {
  const notes: string[] = [];
  const fn = defineFunction('charge', queue({ queue: 'orders' })).handle(({ data }) => {
    notes.push(String(data));
    if (data === 'broken') throw new Error('down');
  });
  const handler = toMiddy(fn).use({
    before: () => void notes.push('before'),
    after: ({ response }) => void notes.push(JSON.stringify(response)),
  });
  const record = (messageId: string, body: string) => ({
    messageId,
    body,
    receiptHandle: 'r',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:orders',
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: {},
  });
  const event = { Records: [record('a', '"fine"'), record('b', '"broken"')] };
  const context = { awsRequestId: 'id', getRemainingTimeInMillis: () => 30_000 };
  expect(await handler(event, context)).toEqual({ batchItemFailures: [{ itemIdentifier: 'b' }] });
  expect(notes).toEqual(['before', 'fine', 'broken', '{"batchItemFailures":[{"itemIdentifier":"b"}]}']);
});

describe('bodies that toMiddy’s middlewares have parsed', () => {
  const context = { awsRequestId: 'id', getRemainingTimeInMillis: () => 30_000 };
  const inHeaders = (type: string) => ({
    version: '2.0',
    rawPath: '/orders',
    headers: { 'content-type': type },
    requestContext: { http: { method: 'POST' } },
  });
  const inMultiValueHeaders = (type: string) => ({
    path: '/orders',
    httpMethod: 'POST',
    headers: { 'Content-Type': type },
    multiValueHeaders: { 'Content-Type': [type] },
    requestContext: {},
  });
  const fn = defineFunction('place', http({ method: 'POST', path: '/orders', body: order })).handle(({ body }) =>
    json(201, body),
  );
  const answerTo = async (event: object, ...middlewares: MiddyMiddleware[]) => {
    const { statusCode, body } = (await toMiddy(fn).use(middlewares)(event, context)) as {
      statusCode: number;
      body: string;
    };
    return [statusCode, JSON.parse(body)];
  };
  const setting = (body: unknown): MiddyMiddleware => ({ before: ({ event }) => void Object.assign(event, { body }) });

  test('are passed to the function’s schema, with what other middlewares have added', async () => {
    const adding: MiddyMiddleware = { before: ({ event }) => void Object.assign(event.body, { tenant: 't' }) };
    for (const form of [inHeaders, inMultiValueHeaders]) {
      for (const type of ['application/json', 'application/vnd.orders+json']) {
        const event = { ...form(type), body: Buffer.from('{"id":"1"}').toString('base64'), isBase64Encoded: true };
        expect(await answerTo(event, httpJsonBodyParser(), adding)).toEqual([201, { id: '1', tenant: 't' }]);
      }
      const bad = { ...form('application/json'), body: '{"no":1}' };
      expect((await answerTo(bad, httpJsonBodyParser()))[0]).toBe(400);
    }
  });

  test('become JSON even if they were a form, and bytes stay bytes', async () => {
    for (const form of [inHeaders, inMultiValueHeaders]) {
      const event = { ...form('application/x-www-form-urlencoded'), body: 'id=1&id=2' };
      expect(await answerTo(event, setting({ id: ['1', '2'] }))).toEqual([201, { id: ['1', '2'] }]);
      const bytesOf = setting(Buffer.from('{"id":"ü"}'));
      expect(await answerTo({ ...form('application/json'), body: '-' }, bytesOf)).toEqual([201, { id: 'ü' }]);
    }
  });

  test('are refused if JSON cannot represent them', async () => {
    for (const odd of [{ file: { content: Buffer.from('x') } }, { id: 1n }, () => {}]) {
      const event = { ...inHeaders('multipart/form-data; boundary=x'), body: '--x--' };
      await expect(answerTo(event, setting(odd))).rejects.toThrow(/must be a JSON value.*Leave the body parser out/);
    }
  });

  test('become the data of a message', async () => {
    const seen: unknown[] = [];
    const charge = defineFunction('charge', queue({ queue: 'orders' })).handle(({ data }) => void seen.push(data));
    const parsing: MiddyMiddleware = {
      before: ({ event }) => {
        for (const record of event.Records) record.body = jsonSafeParse(record.body);
      },
    };
    const bodies = ['{"id":"1"}', '[1]', '"quoted"', 'plain', '89e7073266'];
    const Records = bodies.map((body, index) => ({
      messageId: String(index),
      body,
      receiptHandle: 'r',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:orders',
      attributes: { ApproximateReceiveCount: '1' },
      messageAttributes: {},
    }));
    expect(await toMiddy(charge).use(parsing)({ Records }, context)).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([{ id: '1' }, [1], 'quoted', 'plain', '89e7073266']);
  });
});
