import {
  type AnyFunction,
  beforeParsing,
  bytes,
  cookie,
  defineFunction,
  defineMiddleware,
  empty,
  FunctionError,
  type HttpEvent,
  html,
  http,
  json,
  problem,
  redirect,
  reject,
  reply,
  retryLater,
  text,
} from '@tradewind/core';
import { type FakeEvent, fakeHttp, fakeRaw } from '@tradewind/core/testing';
import { tracing } from '@tradewind/telemetry';
import { z } from 'zod';
import type { RunOptions } from './platforms.ts';

/** A function, and a request that is sent to it on every platform. */
export interface Recorded extends RunOptions {
  readonly name: string;
  readonly fn: AnyFunction;
  readonly fake: FakeEvent<'http', unknown> | FakeEvent<'queue' | 'schedule' | 'event', unknown>;
}

const define = defineFunction.use(tracing());
const Order = z.object({ id: z.string().min(1), qty: z.number().int().default(1) });
const utf8 = (value: string) => new TextEncoder().encode(value);
const get = http({ method: 'GET', path: '/' });
const raw = (options: object) => fakeRaw('http', options);

const echo = define(
  'echo',
  http({ method: 'POST', path: '/echo/:name', query: z.object({ q: z.string().optional() }), maxBodySize: 2_000 }),
).handle(({ method, path, params, query, headers, cookies, body }, context) => ({
  seen: { method, path, params, query, cookies, type: headers.get('content-type'), several: headers.get('x-several') },
  body: body instanceof Uint8Array ? [...body] : body instanceof FormData ? [...body] : body,
  context: { functionName: context.functionName, attempt: context.deliveryAttempt, left: context.remaining() > 0 },
}));
const order = define('order', http({ method: 'POST', path: '/orders', body: Order })).handle(({ body }) =>
  json(202, body),
);
const posted = (name: string, options: object): Recorded => ({ name, fn: order, fake: raw(options) });
const echoed = (name: string, options: object): Recorded => ({
  name,
  fn: echo,
  fake: raw({ params: { name: 'a b/ü%' }, ...options }),
});

const INPUTS: readonly Recorded[] = [
  echoed('JSON, a query, cookies', {
    query: { q: 'a&b=ü', other: ['1', '2'] },
    headers: { 'x-several': ['1', '2'] },
    cookies: { a: '1', b: 'x y' },
    body: { x: [1] },
  }),
  echoed('a form', { body: new URLSearchParams('a=1&a=2&b=%26') }),
  echoed('text', { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'grüße' }),
  echoed('bytes', { body: new Uint8Array([0, 255]) }),
  echoed('no body', {}),
  echoed('a body that is too large', { body: { x: 'x'.repeat(3_000) } }),
  echoed('a query that does not fit', { query: { q: ['1', '2'] } }),
  echoed('a compressed body', { headers: { 'content-encoding': 'br' }, body: utf8('not brotli') }),
  echoed('another method', { method: 'DELETE' }),
  echoed('another path', { path: '/elsewhere' }),
  echoed('a preflight without CORS', { method: 'OPTIONS' }),
  posted('a body that fits', { body: { id: 'o-1' } }),
  posted('a body that does not fit', { body: { id: '', qty: 1.5 } }),
  posted('no body where one is wanted', {}),
  posted('invalid JSON', { headers: { 'content-type': 'application/json' }, body: '{"id":' }),
  posted('a polluted body', {
    headers: { 'content-type': 'application/json' },
    body: '{"__proto__":{"a":1},"id":"1"}',
  }),
  posted('text in place of JSON', { headers: { 'content-type': 'text/plain' }, body: 'tea' }),
  posted('bytes in place of JSON', { body: new Uint8Array([1, 2]) }),
  posted('bytes that are no UTF-8', { headers: { 'content-type': 'application/json' }, body: new Uint8Array([255]) }),
  posted('an unknown charset', { headers: { 'content-type': 'application/json; charset=x-no' }, body: utf8('{}') }),
];

function returning(name: string, handler: (event: HttpEvent) => unknown, options: object = {}): Recorded {
  return { name, fn: define('result', get).handle(handler as never), fake: raw(options) };
}
const stream = (...parts: (string | Error)[]) =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = parts.shift();
      await new Promise((resolve) => setTimeout(resolve, 2));
      if (part === undefined) controller.close();
      else if (typeof part === 'string') controller.enqueue(utf8(part));
      else controller.error(part);
    },
  });

const RESULTS: readonly Recorded[] = [
  returning('nothing', () => undefined),
  returning('null', () => null),
  returning('text', () => 'grüße'),
  returning('a number', () => 7),
  returning('a promise for an object', async () => ({ a: 1 })),
  returning('bytes', () => bytes(200, new Uint8Array([0, 255]))),
  returning('HTML', () => html(200, '<p>')),
  returning('plain text with a header', () => text(418, 'tea', { headers: { 'x-a': '1', 'X-Many': ['1', '2'] } })),
  returning('cookies', () => json(200, {}, { cookies: [cookie('a', '1'), cookie('b', 'x y', { maxAge: 60 })] })),
  returning('no content', () => empty()),
  returning('a redirect', () => redirect('/elsewhere')),
  returning('a problem', () => problem(409, { title: 'Taken', detail: 'Choose another name.' })),
  returning('a web response', () => new Response('web', { status: 201, headers: { 'x-a': '1' } })),
  returning('a stream', () => new Response(stream('one ', 'two'), { headers: { 'content-type': 'text/plain' } })),
  returning('a stream that fails', () => new Response(stream('half', new Error('the source broke')))),
  returning('HEAD of a stream', () => new Response(stream('one')), { method: 'HEAD' }),
  returning('HEAD of JSON', () => ({ a: 1 }), { method: 'HEAD' }),
  returning('a header that splits the response', () => json(200, {}, { headers: { 'x-a': 'a\r\nset-cookie: b=1' } })),
  returning('a cookie that cannot be sent', () => json(200, {}, { cookies: ['a=ü✓'] })),
  returning('a status that cannot be sent', () => json(99, {})),
  returning('a function', () => () => {}),
  returning('a cycle', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    return cycle;
  }),
  returning('an error that is returned', () => new Error('returned')),
  returning('promises that are not awaited', () => [Promise.resolve(1)]),
];

function throwing(name: string, thrown: unknown): Recorded {
  return returning(name, () => {
    throw thrown;
  });
}
const ERRORS: readonly Recorded[] = [
  throwing('an error', new Error('the password is hunter2', { cause: new Error('why') })),
  throwing('undefined', undefined),
  throwing('a string', 'text'),
  ...(
    ['not_found', 'unauthorized', 'conflict', 'too_many_requests', 'internal', 'unavailable', 'timeout'] as const
  ).map((code) => throwing(`a FunctionError ${code}`, new FunctionError(code, `It is ${code}.`))),
  throwing('reject in an HTTP function', reject('poison')),
  throwing('retryLater in an HTTP function', retryLater({ after: 1_000 })),
  returning('a promise that rejects', () => Promise.reject(new Error('later'))),
];

const user = beforeParsing(async (event: HttpEvent, _context, next) =>
  event.headers.get('authorization') === 'Bearer x' ? next({ user: 'u-1' }) : reply(json(401, { error: 'who?' })),
);
const stamp = defineMiddleware(async (_event, _context, next) => {
  const result = await next({ stamped: true });
  return result.with({ ...result.value, headers: { ...result.value.headers, 'x-stamp': 'yes' } });
});
const twice = defineMiddleware(async (_event, _context, next) => {
  await next().catch(() => {});
  return next();
});
const Env = z.object({ GREETING: z.string(), COUNT: z.coerce.number() });
const secret = define('secret', http({ method: 'POST', path: '/', body: Order })).use(user);
const greeting = define
  .env(Env)('greeting', get)
  .handle((_event, { env }) => env);
let tries = 0;
const flaky = define('flaky', get)
  .use(twice)
  .handle(() => {
    tries += 1;
    if (tries % 2 === 1) throw new Error('not this time');
    return { fine: true };
  });

const MIDDLEWARE: readonly Recorded[] = [
  { name: 'who may not', fn: secret.handle(() => 1), fake: raw({ body: '{' }) },
  {
    name: 'who may, with a body that does not fit',
    fn: secret.handle(() => 1),
    fake: raw({ headers: { authorization: 'Bearer x' }, body: { id: 7 } }),
  },
  {
    name: 'who may',
    fn: secret.use(stamp).handle(({ body }, { user, stamped }) => ({ body, user, stamped })),
    fake: raw({ headers: { authorization: 'Bearer x' }, body: { id: '7' } }),
  },
  {
    name: 'a middleware around an error',
    fn: define('stamped', get)
      .use(stamp)
      .handle(() => {
        throw new FunctionError('conflict', 'Taken.');
      }),
    fake: fakeHttp(),
  },
  {
    name: 'a middleware that returns something else',
    fn: define('forgetful', get)
      .use((async () => 7) as never)
      .handle(() => 1),
    fake: fakeHttp(),
  },
  { name: 'a middleware that runs the handler twice', fn: flaky, fake: fakeHttp() },
  { name: 'an environment', fn: greeting, fake: fakeHttp(), env: { GREETING: 'hello', COUNT: '2' } },
  { name: 'an environment that is not there', fn: greeting, fake: fakeHttp(), env: { COUNT: 'many' } },
];

const LIFETIME: readonly Recorded[] = [
  {
    name: 'a handler that takes too long',
    fn: define('slow', http({ method: 'GET', path: '/', timeout: 60 })).handle(() => new Promise(() => {})),
    fake: fakeHttp(),
  },
  {
    name: 'background work that fails',
    fn: define('background', get).handle((_event, { waitUntil }) => {
      waitUntil(Promise.reject(new Error('in the background')));
      return { fine: true };
    }),
    fake: fakeHttp(),
  },
  {
    name: 'lines of every level',
    fn: define('lines', get).handle((_event, { log }) => {
      log.debug('A debug line.', { a: 1 });
      log.info('An info line.');
      log.warn('A warning.', { error: new Error('why') });
      log.error('An error.', { nested: { list: [1, 2] } });
    }),
    fake: fakeHttp(),
  },
  {
    name: 'a response that does not match its schema',
    fn: define(
      'checked',
      http({ method: 'GET', path: '/', response: z.object({ id: z.string() }), validateResponse: true }),
    ).handle((() => ({ id: 7, more: 1 })) as never),
    fake: fakeHttp(),
  },
  {
    name: 'a response that matches its schema, with more',
    fn: define(
      'checked',
      http({ method: 'GET', path: '/', response: z.object({ id: z.string() }), validateResponse: true }),
    ).handle((() => ({ id: '7', more: 1 })) as never),
    fake: fakeHttp(),
  },
];

/** What is sent over HTTP, by topic. */
export const REQUESTS: Readonly<Record<string, readonly Recorded[]>> = {
  'http-inputs': INPUTS,
  'http-results': RESULTS,
  'http-errors': ERRORS,
  'http-middleware': MIDDLEWARE,
  'http-lifetime': LIFETIME,
};
