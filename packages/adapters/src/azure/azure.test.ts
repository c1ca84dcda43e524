import { HttpRequest, HttpResponse } from '@azure/functions';
import {
  type AnyFunction,
  beforeParsing,
  cookie,
  defineFunction,
  empty,
  event,
  type HttpEvent,
  http,
  json,
  observe,
  queue,
  reply,
  retryLater,
  schedule,
} from '@tradewind/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { toAzureCookie } from './cookies.js';
import { type AzureQueueWiring, azure, on } from './index.js';
import type { AzureApp, AzureContext, AzureHttpResponse } from './types.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);

interface Registered {
  readonly name: string;
  readonly methods?: readonly string[];
  readonly route?: string;
  readonly handler: (trigger: unknown, context: unknown) => Promise<unknown>;
}
function app(...functions: AnyFunction[]): Registered[] {
  const all: Registered[] = [];
  const keep = (name: string, options: Omit<Registered, 'name'>): void => void all.push({ name, ...options });
  const fake = { http: keep, storageQueue: keep, serviceBusQueue: keep, timer: keep, eventGrid: keep };
  azure(fake as unknown as AzureApp, ...(functions as []));
  return all;
}
const context = (more: object = {}): AzureContext => ({ invocationId: 'i-1', ...quiet, ...more });

/** What the host does with a request: it matches the decoded route after its prefix, ignoring case. */
function at(prefix: string, ...functions: AnyFunction[]) {
  const all = app(...functions);
  return async (method: string, path: string, init: object = {}): Promise<AzureHttpResponse | undefined> => {
    const found = all.filter(({ route = '', methods = [] }) => {
      const template = `${prefix}/${route === '/' ? '' : route}`.replace(/\/+$/, '');
      const pattern = template.replace(/\{\w+\}/g, '[^/]+');
      const decoded = path.replace(/\?.*/, '').replace(/%(?!2f)[0-9a-f]{2}/gi, decodeURIComponent);
      return methods.includes(method) && new RegExp(`^${pattern}/?$`, 'i').test(decoded);
    });
    const [best] = found.toSorted((a, b) => Number(a.route?.includes('{')) - Number(b.route?.includes('{')));
    const request = new HttpRequest({ method, url: `https://a.example${path}`, headers: {}, ...init } as never);
    return (await best?.handler(request, context())) as AzureHttpResponse | undefined;
  };
}
const body = (answer: AzureHttpResponse | undefined): unknown => answer && JSON.parse(String(answer.body ?? 'null'));

afterEach(() => {
  vi.useRealTimers();
});

describe('routes', () => {
  const say =
    (what: string) =>
    ({ params }: { params: object }) => [what, params];
  const all = [
    define('root', http({ method: 'GET', path: '/' })).handle(say('root')),
    define('list', http({ method: 'GET', path: '/orders' })).handle(say('list')),
    define('create', http({ method: 'POST', path: '/orders/' })).handle(say('create')),
    define('one', http({ method: 'GET', path: '/orders/:id' })).handle(say('one')),
    define('newest', http({ method: 'GET', path: '/orders/newest' })).handle(say('newest')),
    define('remove', http({ method: 'DELETE', path: '/orders/:order' })).handle(say('remove')),
  ];

  test('each method of a path belongs to one function', () => {
    expect(app(...all).map(({ name, methods, route }) => [name, route, methods?.join(' ')])).toEqual([
      ['root', '/', 'GET HEAD POST PUT PATCH DELETE OPTIONS'],
      ['list', 'orders', 'GET HEAD PUT PATCH DELETE OPTIONS'],
      ['create', 'orders/', 'POST'],
      ['one', 'orders/{id}', 'GET HEAD POST PUT PATCH OPTIONS'],
      ['remove', 'orders/{order}', 'DELETE'],
      ['newest', 'orders/newest', 'GET HEAD POST PUT PATCH DELETE OPTIONS'],
    ]);
  });

  test.each(['/api', '', '/a/long/prefix', '/orders', '/orders/newest'])('behind the prefix %j', async (prefix) => {
    const send = at(prefix, ...all);
    expect(body(await send('GET', `${prefix}/orders/newest`))).toEqual(['newest', {}]);
    expect(body(await send('GET', `${prefix}/orders/7/`))).toEqual(['one', { id: '7' }]);
    expect(body(await send('DELETE', `${prefix}/orders/7`))).toEqual(['remove', { order: '7' }]);
    expect(body(await send('GET', `${prefix}/orders/a%2Fb%20c`))).toEqual(['one', { id: 'a/b c' }]);
    expect(body(await send('GET', `${prefix}/orders?x=/y/z`))).toEqual(['list', {}]);
    expect(body(await send('POST', `${prefix}/orders`))).toEqual(['create', {}]);
    expect(body(await send('GET', `${prefix}/`))).toEqual(['root', {}]);
  });

  test('GET also answers HEAD, and another method is a 405 with the allowed methods', async () => {
    const send = at('/api', ...all);
    expect(await send('HEAD', '/api/orders/7')).toMatchObject({ status: 200 });
    expect((await send('HEAD', '/api/orders/7'))?.body).toBeUndefined();
    const refused = await send('PUT', '/api/orders/7');
    expect([refused?.status, refused?.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE']);
  });

  test('a layer such as CORS sees OPTIONS', async () => {
    const cors = beforeParsing(async ({ method }: HttpEvent, _context, next) =>
      method === 'OPTIONS' ? reply(empty()) : next(),
    );
    const fn = define('f', http({ method: 'POST', path: '/x' }))
      .use(cors)
      .handle(() => 1);
    expect(await at('/api', fn)('OPTIONS', '/api/x')).toMatchObject({ status: 204 });
  });

  test('a path that the host matches in another case or encoding is a 404, with one function or several', async () => {
    for (const functions of [all, [all[3] as AnyFunction]]) {
      for (const path of ['/api/ORDERS/7', '/api/%6Frders/7']) {
        expect(await at('/api', ...functions)('GET', path)).toMatchObject({ status: 404 });
      }
    }
  });
});

describe('requests and answers', () => {
  const send = async (fn: AnyFunction, init: object): Promise<AzureHttpResponse> => {
    const request = { method: 'POST', url: 'https://a.example/api/x', headers: {}, ...init };
    return (await app(fn)[0]?.handler(new HttpRequest(request as never), context())) as AzureHttpResponse;
  };
  const echo = define('echo', http({ method: 'POST', path: '/x', maxBodySize: 10 })).handle((one) =>
    one.body instanceof Uint8Array ? [...one.body] : one.body,
  );

  test('a compressed body stays bytes', async () => {
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    const answer = await send(echo, { headers, body: { bytes: new Uint8Array([31, 139, 8]) } });
    expect(body(answer)).toEqual([31, 139, 8]);
  });

  test('a body over the limit is a 413, and invalid JSON a 400', async () => {
    expect((await send(echo, { body: { bytes: Buffer.alloc(11) } })).status).toBe(413);
    const headers = { 'content-type': 'application/json' };
    expect((await send(echo, { headers, body: { bytes: Buffer.from('{') } })).status).toBe(400);
  });

  test('a GET with a body, and a 204 with one, are answered', async () => {
    const fn = define('f', http({ method: 'GET', path: '/x' })).handle(() => json(204, { a: 1 }));
    const answer = await send(fn, { method: 'GET', body: { bytes: Buffer.from('x') } });
    expect(answer.status).toBe(204);
    // The vendor's own class accepts it.
    expect((await new HttpResponse(answer).arrayBuffer()).byteLength).toBe(0);
  });

  test('a request that cannot be a web-standard one is the client’s fault', async () => {
    const reads = beforeParsing(async (one: HttpEvent, _context, next) => {
      void one.request;
      return next();
    });
    const fn = define('f', http({ method: 'POST', path: '/x' }))
      .use(reads)
      .handle(() => 1);
    const native = { method: 'TRACE', url: 'https://a.example/api/x', headers: new Headers(), body: null };
    expect(await app(fn)[0]?.handler(native, context())).toMatchObject({ status: 400 });
  });

  test('two cookies stay separate, with their attributes', async () => {
    const expires = new Date('2030-01-01T00:00:00Z');
    const fn = define('f', http({ method: 'POST', path: '/x' })).handle(() =>
      json(200, 1, {
        cookies: [
          cookie('a', 'x=1; 100%', { expires, maxAge: 0, domain: 'a.example', sameSite: 'None' }),
          cookie('b', ''),
        ],
      }),
    );
    expect((await send(fn, {})).cookies).toEqual([
      {
        name: 'a',
        value: 'x=1; 100%',
        expires,
        maxAge: 0,
        domain: 'a.example',
        path: '/',
        sameSite: 'None',
        secure: true,
        httpOnly: true,
      },
      { name: 'b', value: '', path: '/', sameSite: 'Lax', secure: true, httpOnly: true },
    ]);
  });

  test.each([
    ['a=b=c==', { name: 'a', value: 'b=c==' }],
    ['a=100%', { name: 'a', value: '100%' }],
    ['a=%E0%A4%A', { name: 'a', value: '%E0%A4%A' }],
    ['a', { name: 'a', value: '' }],
    ['a=1; Expires=never; Max-Age=soon; SameSite=maybe; Secure', { name: 'a', value: '1', secure: true }],
    [
      'a=1; max-age=-1;HTTPONLY ; samesite=strict',
      { name: 'a', value: '1', maxAge: -1, httpOnly: true, sameSite: 'Strict' },
    ],
    ['a=1; __proto__=2; constructor=3; toString', { name: 'a', value: '1' }],
  ])('the cookie %j', (text, expected) => {
    expect(toAzureCookie(text)).toEqual(expected);
  });
});

test('bytes are requested from the host, because the library does not parse them as JSON', () => {
  const one = define('one', queue({ queue: 'orders' })).handle(() => {});
  const many = define('many', queue({ queue: 'orders' }).batch()).handle(() => {});
  const bus = { source: 'serviceBus', connection: 'BUS', queue: '%QUEUE%', isSessionsEnabled: true } as const;
  const handler = expect.any(Function);
  expect(app(one, on(many, bus))).toEqual([
    { name: 'one', queueName: 'orders', connection: 'AzureWebJobsStorage', dataType: 'binary', handler },
    {
      name: 'many',
      queueName: '%QUEUE%',
      connection: 'BUS',
      cardinality: 'many',
      isSessionsEnabled: true,
      dataType: 'binary',
      handler,
    },
  ]);
});

describe('an invocation', () => {
  test('has its own log, among a hundred at once', async () => {
    const ready: (() => void)[] = [];
    const fn = defineFunction('f', http({ method: 'GET', path: '/:n' })).handle(async ({ params }, { log }) => {
      await new Promise<void>((resolve) => ready.push(resolve));
      log.info(params.n);
    });
    const [{ handler }] = app(fn) as [Registered];
    const lines: string[][] = [];
    const answers = Array.from({ length: 100 }, (_, n) => {
      lines[n] = [];
      const native = { method: 'GET', url: `https://a.example/api/${n}`, headers: new Headers(), body: null };
      return handler(native, context({ invocationId: `i-${n}`, info: (line: string) => lines[n]?.push(line) }));
    });
    await vi.waitFor(() => expect(ready).toHaveLength(100));
    for (const go of ready.toReversed()) go();
    await Promise.all(answers);
    expect(lines.map((own) => own.map((line) => JSON.parse(line)))).toMatchObject(
      lines.map((_, n) => [{ message: String(n), invocationId: `i-${n}` }]),
    );
  });

  test('waits for background work before it answers, and only logs its failure', async () => {
    const error = vi.fn();
    const logged = defineFunction.logger({ ...quiet, error });
    let done = 0;
    const work = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      done += 1;
      throw new Error('background');
    };
    const back = (_one: unknown, { waitUntil }: { waitUntil(work: Promise<unknown>): void }): void => waitUntil(work());
    const request = { method: 'GET', url: 'https://a.example/api/', headers: new Headers(), body: null };
    const runs: [AnyFunction, unknown, object?][] = [
      [logged('a', http({ method: 'GET', path: '/' })).handle(back), request],
      [logged('b', queue({ queue: 'orders' })).handle(back), Buffer.from('x'), { id: 'm-1' }],
      [
        on(logged('c', queue({ queue: 'orders' }).batch()).handle(back), { source: 'serviceBus', connection: 'BUS' }),
        [Buffer.from('x')],
        { messageIdArray: ['m-1'] },
      ],
      [logged('d', schedule({ cron: '* * * * *' })).handle(back), { isPastDue: false }],
      [logged('e', event({ type: 't' })).handle(back), { specversion: '1.0', id: 'e', source: '/s', type: 't' }],
    ];
    for (const [index, [fn, trigger, triggerMetadata]] of runs.entries()) {
      await app(fn)[0]?.handler(trigger, context({ triggerMetadata }));
      expect(done).toBe(index + 1);
    }
    expect(error.mock.calls.map(([message]) => message)).toEqual(runs.map(() => 'Background work failed.'));
  });

  test('for several messages reports each delay that was not kept', async () => {
    const told: unknown[] = [];
    const stop = observe((one) => one.type === 'delivery.downgraded' && told.push(one.messageId));
    const fn = on(
      define('f', queue({ queue: 'orders' }).batch()).handle(({ messages }) =>
        Promise.allSettled(messages.map(() => Promise.reject(retryLater({ after: 1_000 })))),
      ),
      { source: 'serviceBus', connection: 'BUS' },
    );
    const messageIdArray = ['m-1', 'm-2'];
    const run = app(fn)[0]?.handler(
      [Buffer.from('1'), Buffer.from('2')],
      context({ triggerMetadata: { messageIdArray } }),
    );
    await expect(run).rejects.toThrow('The message is to be redelivered later.');
    stop();
    expect(told).toEqual(messageIdArray);
  });

  test('for more messages than there is metadata for fails, and handles none', async () => {
    const handled = vi.fn();
    const fn = on(define('f', queue({ queue: 'orders' }).batch()).handle(handled), {
      source: 'serviceBus',
      connection: 'BUS',
    });
    const metadata = { triggerMetadata: { messageIdArray: ['m-1'] } };
    const run = app(fn)[0]?.handler([Buffer.from('1'), Buffer.from('2')], context(metadata));
    await expect(run).rejects.toMatchObject({ code: 'foreign_event' });
    expect(handled).not.toHaveBeenCalled();
  });
});

test('the error for a foreign event describes it without quoting it', async () => {
  const message = async (fn: AnyFunction, came: unknown, triggerMetadata?: object): Promise<string> =>
    app(fn)[0]
      ?.handler(came, context({ triggerMetadata }))
      .then(String, (error) => error.message) as Promise<string>;
  const work = define('work', queue({ queue: 'orders' })).handle(() => {});
  const shipped = define('shipped', event({ type: 'order.shipped' })).handle(() => {});
  const secret = Buffer.from('secret');
  expect(await message(work, secret, { dequeueCount: 'secret' })).toBe(
    `The queue function 'work' on Azure expects the metadata of a storage queue message with an id, but got an object with ["dequeueCount"].`,
  );
  expect(await message(on(work, { source: 'serviceBus', connection: 'BUS' }), secret)).toBe(
    "The queue function 'work' on Azure expects the metadata of a Service Bus message with a messageId, but got an object with [].",
  );
  expect(await message(shipped, { specversion: '1.0', id: 'secret', source: 'secret', type: 'secret' })).toBe(
    "The event function 'shipped' on Azure expects Event Grid events of type 'order.shipped', but got one of another type: check the rule or subscription that selects them.",
  );
  expect(await message(shipped, [secret])).toMatch(/ but got a list of 1\.$/);
});

describe('refuses at start-up what would make Azure refuse the whole app', () => {
  const named = (name: string, path = '/x'): AnyFunction =>
    define(name, http({ method: 'GET', path: path as '/x' })).handle(() => 1);
  const queued = (wiring: AzureQueueWiring): AnyFunction =>
    on(
      define('f', queue({ queue: 'orders' })).handle(() => {}),
      wiring,
    );
  const bus = (wiring: AzureQueueWiring): AnyFunction => queued({ source: 'serviceBus', connection: 'BUS', ...wiring });
  const registering = () => {
    const registered = vi.fn();
    const some = { http: registered, storageQueue: registered, serviceBusQueue: registered, timer: registered };
    return { fake: some as unknown as AzureApp, registered };
  };
  test.each([
    [
      'a name with a dot',
      [named('a.b')],
      "must be a letter, then letters, digits, - or _, 127 characters at most, and not 'host'; got 'a.b'.",
    ],
    ['a name that begins with a digit', [named('1a')], "got '1a'."],
    ['a name that is too long', [named('a'.repeat(128))], '127 characters at most'],
    ["the host's own name", [named('Host')], "got 'Host'."],
    ['one name twice, in whatever case', [named('a'), named('A', '/y')], "two functions have the name 'A'"],
    ["the host's own paths", [named('f', '/Admin/users')], "the path of 'f' must not begin with /admin"],
    [
      'what only begins like them',
      [named('f', '/administration')],
      "which Azure's host reserves: give it another path",
    ],
    ['one path twice', [named('a', '/:x'), named('b', '/:y/')], "'a' and 'b' have the same GET path"],
    [
      'Service Bus without a connection',
      [bus({ connection: '' })],
      "`connection` of 'f' must be the name of the app setting",
    ],
    [
      'a source that Azure does not have',
      [queued({ source: 'kafka' as never })],
      "`source` of 'f' must be 'storageQueue' or 'serviceBus'",
    ],
    ['a connection itself', [queued({ connection: 'AccountKey=c2VjcmV0' })], 'got a connection string'],
    ['sessions of a storage queue', [queued({ isSessionsEnabled: true })], 'a storage queue has no sessions'],
    [
      'capitals in a storage queue',
      [queued({ queue: 'Orders' })],
      "the name of a storage queue: 3 to 63 lower-case letters, digits, and single - between them; got 'Orders'",
    ],
    ['a short name of a storage queue', [queued({ queue: 'ab' })], '3 to 63 lower-case letters'],
    ['two dashes in a storage queue', [queued({ queue: 'a--b' })], 'single - between them'],
    ['a blank in a Service Bus queue', [bus({ queue: 'a b' })], "between them, 260 characters at most; got 'a b'"],
    ['a long name of a Service Bus queue', [bus({ queue: 'a'.repeat(261) })], '260 characters at most'],
    ['nothing', [], '; got none.'],
  ])('%s', (_name, functions, told) => {
    const { fake, registered } = registering();
    expect(() => azure(fake, ...(functions as []))).toThrow(told);
    expect(registered).not.toHaveBeenCalled();
  });

  test('accepts what Azure accepts, and quotes no connection in an error', () => {
    const good = [queued({ queue: 'a-1-b' }), queued({ queue: '%QUEUE%' }), bus({ queue: 'Shop/orders.v2_x' })];
    for (const fn of good) azure(registering().fake, fn as never);
    const wrong = (): void => azure(registering().fake, queued({ connection: 'AccountKey=c2VjcmV0' }) as never);
    expect(wrong).toThrow(/^(?!.*c2VjcmV0)/);
  });

  test('the same name in two calls for one app', () => {
    const { fake } = registering();
    azure(fake, named('a') as never);
    azure(registering().fake, named('a') as never);
    expect(() => azure(fake, named('A', '/y') as never)).toThrow("two functions have the name 'A'");
  });
});

test('an invalid app is refused', () => {
  const fn = define('f', http({ method: 'GET', path: '/' })).handle(() => 1);
  expect(() => azure(undefined as never, fn)).toThrow("pass the app of '@azure/functions'. Its `http`");
});
