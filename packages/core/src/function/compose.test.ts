import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { reject, retryLater } from '../delivery/signal.js';
import { FunctionError } from '../errors.js';
import type { HttpEvent } from '../http/event.js';
import { json } from '../http/result.js';
import { http } from '../http/trigger.js';
import type { CloudEvent } from '../messages/event.js';
import { queue } from '../messages/queue.js';
import { observe } from '../observe.js';
import { fakeHttp, fakeMessage, fakeRaw, invoke } from '../testing/index.js';
import { checkFunction } from './check.js';
import { defineFunction } from './define.js';
import { beforeParsing, defineMiddleware, reply } from './middleware.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const onQueue = queue({ queue: 'q' });

describe('layers', () => {
  test('run from the outside in and back again', async () => {
    const seen: string[] = [];
    const layer = (name: string) =>
      defineMiddleware(async (_event, _context, next) => {
        seen.push(`${name} in`);
        const result = await next();
        seen.push(`${name} out`);
        return result;
      });
    const fn = define
      .use(layer('base'))('f', onQueue)
      .use(layer('a'))
      .use(layer('b'))
      .handle(() => seen.push('handler'));
    await invoke(fn, fakeMessage(1));
    expect(seen).toEqual(['base in', 'a in', 'b in', 'handler', 'b out', 'a out', 'base out']);
  });

  test('can run the inner chain again', async () => {
    let runs = 0;
    const fn = define('f', onQueue)
      .use(async (_event, _context, next) => {
        await next().catch(() => {});
        return next();
      })
      .handle(() => {
        runs += 1;
        if (runs === 1) throw new Error('first');
        return runs;
      });
    expect(await invoke(fn, fakeMessage(1))).toBe(2);
  });

  test('add to the context of the inner chain only', async () => {
    let outer: object = {};
    const fn = define('f', onQueue)
      .use(async (_event, context, next) => {
        outer = context;
        return next({ user: 'u' });
      })
      .use(async (_event, { user }, next) => next({ role: `${user}-admin` }))
      .handle((_event, { user, role, functionName, env }) => ({ user, role, functionName, env }));
    expect(await invoke(fn, fakeMessage(1))).toEqual({ user: 'u', role: 'u-admin', functionName: 'f', env: {} });
    expect('user' in outer).toBe(false);
  });

  test('can shadow members of the context for the inner chain', async () => {
    const { signal } = new AbortController();
    const layer = ((_e: unknown, _c: unknown, next: (adds: object) => unknown) => next({ signal })) as never;
    const fn = define('f', onQueue)
      .use(layer)
      .use(async (_event, _context, next) => next({ more: 1 }))
      .handle((_event, context) => context.signal === signal && context.functionName);
    expect(await invoke(fn, fakeMessage(1))).toBe('f');
  });

  test('can replace the value', async () => {
    const fn = define('f', onQueue)
      .use(async (_event, _context, next) => {
        const result = await next();
        return result.with(result.value + 1);
      })
      .handle(() => 1);
    expect(await invoke(fn, fakeMessage(1))).toBe(2);
  });

  test('can answer in place of the handler', async () => {
    const handler = vi.fn();
    const fn = define('f', onQueue)
      .use(async () => reply('early'))
      .handle(handler);
    expect(await invoke(fn, fakeMessage(1))).toBe('early');
    expect(handler).not.toHaveBeenCalled();
  });

  test('see the normalised result of an HTTP handler', async () => {
    const seen: unknown[] = [];
    const fn = define('f', http({ method: 'GET', path: '/' }))
      .use(async (_event, _context, next) => {
        const result = await next();
        seen.push(result.value);
        return result;
      })
      .handle(() => ({ id: 1 }));
    await invoke(fn, fakeHttp());
    expect(seen).toEqual([json(200, { id: 1 })]);
  });

  test('that return no result cause an error', async () => {
    const forgetful = (async () => {}) as never;
    const fn = define('f', onQueue)
      .use(forgetful)
      .handle(() => 1);
    await expect(invoke(fn, fakeMessage(1))).rejects.toThrow(
      "A layer of 'f' must return next() or reply(...); got undefined.",
    );
  });

  test('are refused at definition if they are not functions', () => {
    expect(() => define('f', onQueue).use({} as never)).toThrow(
      "use(...): the layer (for middy's middlewares: fromMiddy(...)) must be a function; got an object with [].",
    );
    expect(() => checkFunction(define(7 as never, onQueue).handle(() => 1))).toThrow(
      'defineFunction(...): the name must be a string; got number.',
    );
    expect(() => define('f', {} as never)).toThrow("defineFunction('f', ...): the trigger, such as http({...})");
    expect(() => define('f', onQueue).handle(7 as never)).toThrow("The handler of 'f' must be a function; got number.");
  });

  test('do not change their base', async () => {
    const grown = define.use(async (_event, _context, next) => next({ extra: 1 }));
    expect(
      await invoke(
        define('f', onQueue).handle((_e, context) => 'extra' in context),
        fakeMessage(1),
      ),
    ).toBe(false);
    expect(
      await invoke(
        grown('f', onQueue).handle((_e, { extra }) => extra),
        fakeMessage(1),
      ),
    ).toBe(1);
  });
});

describe('with no layer', () => {
  test('the message handler itself runs', () => {
    const handler = (event: CloudEvent): unknown => event.id;
    const fn = define('f', onQueue).handle(handler);
    expect(fn.run({ id: 'm' }, null as never)).toBe('m');
  });

  test('a synchronous message function returns no promise', () => {
    const fn = define('f', queue({ queue: 'q', data: z.object({ id: z.string() }) })).handle(({ data }) => data.id);
    expect(fn.run({ id: 'm', data: { id: '1' } }, null as never)).toBe('1');
  });
});

describe('layers before parsing', () => {
  const validated = vi.fn();
  const Body = {
    '~standard': {
      version: 1 as const,
      vendor: 'test',
      validate: (value: unknown) => {
        validated();
        return typeof value === 'object' ? { value } : { issues: [{ message: 'no object' }] };
      },
    },
  };
  const post = http({ method: 'POST', path: '/orders/:id', body: Body, maxBodySize: 100 });
  const auth = beforeParsing(async (event: HttpEvent, _context, next) =>
    event.headers.get('authorization') ? next({ user: 'u' }) : reply(json(401, { error: 'who?' })),
  );

  test('can refuse before validation', async () => {
    const fn = define('f', post)
      .use(auth)
      .handle(() => 1);
    const answer = await invoke(fn, fakeRaw('http', { params: { id: '1' }, body: '{' }));
    expect(answer.status).toBe(401);
    expect(validated).not.toHaveBeenCalled();
  });

  test('see the body as received', async () => {
    let body: unknown;
    const look = beforeParsing(async (event: HttpEvent, _context, next) => {
      body = event.body;
      return next();
    });
    const fn = define('f', post)
      .use(look)
      .handle((event) => event.body);
    const answer = await invoke(fn, fakeRaw('http', { params: { id: '1' }, body: { a: 1 } }));
    expect(body).toBe('{"a":1}');
    expect(answer.body).toEqual({ a: 1 });
  });

  test.each([
    ['a schema error', { params: { id: '1' }, body: 1, headers: { 'content-type': 'application/json' } }, 400],
    ['invalid JSON', { params: { id: '1' }, body: '{', headers: { 'content-type': 'application/json' } }, 400],
    ['an unknown path', { path: '/nothing' }, 404],
    ['a wrong method', { method: 'PUT', params: { id: '1' } }, 405],
    ['a body that is too large', { params: { id: '1' }, body: 'x'.repeat(101) }, 413],
    ['a media type that the schema refuses', { params: { id: '1' }, body: 'text' }, 415],
    ['a handler that throws', { params: { id: 'throw' }, body: {} }, 500],
    ['a FunctionError', { params: { id: 'gone' }, body: {} }, 410],
  ])('see %s as an ordinary result', async (_name, request, status) => {
    const seen: number[] = [];
    const trace = beforeParsing(async (_event: HttpEvent, _context, next) => {
      const result = await next();
      seen.push(result.value.status);
      return result.with({ ...result.value, headers: { ...result.value.headers, 'x-trace': '1' } });
    });
    const fn = define('f', post)
      .use(trace)
      .handle(({ params }) => {
        if (params.id === 'throw') throw new Error('secret');
        if (params.id === 'gone') throw new FunctionError('gone', 'Too late.');
      });
    const answer = await invoke(fn, fakeRaw('http', request));
    expect(answer.status).toBe(status);
    expect(answer.headers['x-trace']).toBe('1');
    expect(seen).toEqual([status]);
  });

  test('after an ordinary layer are refused by the check', () => {
    const ordinary = define('f', post).use(async (_event, _context, next) => next());
    expect(() => checkFunction(ordinary.use(auth).handle(() => 1))).toThrow(
      'a layer made with beforeParsing must come before ordinary layers',
    );
  });
});

test.each([
  ['a text', 'x', 'its debug must be a function; got undefined.'],
  ['a logger that lacks a level', { ...quiet, warn: undefined }, 'its warn must be a function; got undefined.'],
])('%s is refused as a logger at definition', (_, logger, message) => {
  expect(() => defineFunction.logger(logger as never)).toThrow(message);
});

describe('an error in an HTTP function', () => {
  test('is a 500 without details, is logged and observed', async () => {
    const lines: unknown[] = [];
    const observed: unknown[] = [];
    const stop = observe((event) => observed.push(event));
    const error = new Error('the password is hunter2');
    const fn = define
      .logger({ ...quiet, error: (...line) => lines.push(line) })('f', http({ method: 'GET', path: '/' }))
      .handle(() => {
        throw error;
      });
    const answer = await invoke(fn, fakeHttp());
    stop();
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    expect(lines).toEqual([['f failed.', { error }]]);
    expect(observed).toEqual([{ type: 'http.failed', functionName: 'f', invocationId: 'test', error }]);
  });

  test('of a schema that throws is the same', async () => {
    const Throws = {
      '~standard': {
        version: 1 as const,
        vendor: 't',
        validate: () => {
          throw new Error('hunter2');
        },
      },
    };
    const fn = define('f', http({ method: 'POST', path: '/', body: Throws })).handle(() => 1);
    const answer = await invoke(fn, fakeRaw('http', { body: {} }));
    expect(answer.status).toBe(500);
  });

  test('of a rejected promise is the same, and a thrown undefined too', async () => {
    const fn = define('f', http({ method: 'GET', path: '/' })).handle(() => Promise.reject(undefined));
    expect((await invoke(fn, fakeHttp())).status).toBe(500);
  });

  test.each([
    ['a Response', new Response('x'), 'f failed: it threw a Response; return it instead.'],
    ['nothing', undefined, 'f failed: it threw undefined, which is not an error.'],
    ['null', null, 'f failed: it threw null, which is not an error.'],
    ['a text', 'hunter2', 'f failed: it threw string, which is not an error.'],
    [
      'what is for messages',
      retryLater({ after: 1 }),
      "f failed: retryLater is for messages; throw a FunctionError such as 'unavailable'.",
    ],
    [
      'what is for messages, too',
      reject('x'),
      "f failed: reject is for messages; throw a FunctionError such as 'unavailable'.",
    ],
  ])('that is %s thrown by mistake is explained in the log', async (_name, thrown, message) => {
    const error = vi.fn();
    const fn = define
      .logger({ ...quiet, error })('f', http({ method: 'GET', path: '/' }))
      .handle(() => {
        throw thrown;
      });
    expect(await invoke(fn, fakeHttp())).toMatchObject({ status: 500, body: { title: 'Internal Server Error' } });
    expect(error.mock.calls).toEqual([[message, { error: thrown }]]);
  });

  test('is recognised by name and code, from another copy of the package too', async () => {
    const fn = define('f', http({ method: 'GET', path: '/' })).handle(() => {
      throw Object.assign(new Error('Busy.'), { name: 'FunctionError', code: 'conflict' });
    });
    const answer = await invoke(fn, fakeHttp());
    expect(answer).toMatchObject({ status: 409, body: { title: 'Conflict', detail: 'Busy.', code: 'conflict' } });
  });
});
