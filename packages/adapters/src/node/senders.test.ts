import { createHmac } from 'node:crypto';
import { type AnyFunction, defineFunction, event, FunctionError, http, queue, schedule } from '@tradewind/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type MessagesFrom, type NodeServer, node, on } from './index.js';

const lines: unknown[][] = [];
const keep = (...line: unknown[]): void => void lines.push(line);
const define = defineFunction.logger({ debug: keep, info: keep, warn: keep, error: keep });
const handled = vi.fn();
const charge = define('charge', queue({ queue: 'q' })).handle(handled);
const shipped = define('shipped', event({ type: 'order.shipped' })).handle(handled);
const nightly = define('nightly', schedule({ cron: '30 3 * * *' })).handle(handled);
const hello = define('hello', http({ method: 'GET', path: '/' })).handle(() => 'hello');
const LONG = 's3cret-of-16-char';
const POSTED = [charge, shipped, nightly] as const;

let server: NodeServer | undefined;
beforeEach(() => {
  lines.length = 0;
  handled.mockClear();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});
async function listen(messages: unknown, ...functions: AnyFunction[]): Promise<void> {
  const options = { port: 0, host: '127.0.0.1', ...(messages !== undefined && { messages: messages as MessagesFrom }) };
  server = await node(...(functions as [typeof hello])).listen(options);
}

const push = JSON.stringify({ message: { messageId: 'm', data: 'e30=' }, subscription: 's' });
const came = JSON.stringify({ specversion: '1.0', id: 'e', source: '/s', type: 'order.shipped' });
const post = (path: string, headers: Record<string, string> = {}, method = 'POST'): Promise<Response> =>
  fetch(`http://127.0.0.1:${server?.port}${path}`, {
    method,
    headers: { 'content-type': path === '/shipped' ? 'application/cloudevents+json' : 'application/json', ...headers },
    ...(method === 'POST' && { body: path === '/shipped' ? came : push }),
  });
const PATHS = ['/charge', '/shipped', '/nightly'];

describe('messages beside HTTP functions', () => {
  test.each(POSTED)('need to say how their senders are known: $name', async (fn) => {
    await expect(listen(undefined, hello, fn)).rejects.toThrow(`listen(...): '${fn.name}' receives messages`);
  });
  test('need nothing else', async () => {
    for (const messages of ['platform', 'private-network']) {
      await listen(messages, hello, ...POSTED);
      for (const path of PATHS) expect((await post(path)).status).toBe(204);
      await server?.close();
    }
    await listen(undefined, hello);
  });
  test('need nothing on a server of their own, which can be private', async () => {
    await listen(undefined, ...POSTED);
    for (const path of PATHS) expect((await post(path)).status).toBe(204);
  });
  test.each<[string, unknown, string]>([
    ['another word', 'none', "`messages` must be 'platform'"],
    ['true', true, 'the options must be an object; got boolean'],
    ['nothing', null, 'the options must be an object; got null'],
    ['a misspelt option', { headre: 'x-secret', secret: LONG }, "unknown option 'headre'"],
    ['no header', { secret: LONG }, '`messages.header` must be a string'],
    ['no secret', { header: 'x-secret', secret: undefined }, '`messages.secret` must be a string'],
    ['an empty secret', { header: 'x-secret', secret: '' }, 'set the variable that you pass, such as MESSAGES_SECRET.'],
    ['a short secret', { header: 'x-secret', secret: 's3cret-of-15-ch' }, '`messages.secret` must be ASCII text of 16'],
    ['a secret with a line break', { header: 'x-secret', secret: `${LONG}\n` }, '`messages.secret` must be ASCII text'],
    ['an invalid header', { header: 'x secret', secret: LONG }, '`messages.header` must be the name'],
    ['an attribute', { header: 'CE-secret', secret: LONG }, '`messages.header` must be the name'],
    ['the host', { header: 'Host', secret: LONG }, '`messages.header` must be a header of your own'],
    ['the type', { header: 'content-type', secret: LONG }, '`messages.header` must be a header of your own'],
    ['the trace', { header: 'traceparent', secret: LONG }, '`messages.header` must be a header of your own'],
    ['no function', { verify: true }, '`messages.verify` must be a function'],
    ['both', { verify: () => true, header: 'x', secret: LONG }, 'must have either'],
  ])('are refused with %s', async (_what, messages, message) => {
    const error = await listen(messages, hello, charge).catch((reason: unknown) => reason);
    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain('s3cret');
  });
});

describe.each([
  ['beside HTTP functions', [hello, ...POSTED]],
  ['alone', [...POSTED]],
])('a secret in a header, %s', (_where, functions) => {
  const OPEN = 'open the sesame!';
  beforeEach(() => listen({ header: 'X-Secret', secret: OPEN }, ...functions));

  test('lets messages in, and nothing without it', async () => {
    for (const path of PATHS) {
      for (const secret of ['', 'open', `${OPEN}!`, OPEN.toUpperCase(), 'openthesesame!', `${OPEN}, ${OPEN}`]) {
        const refused = await post(path, { 'x-secret': secret });
        expect([refused.status, (await refused.json()).detail]).toEqual([
          403,
          'This sender may not post messages here.',
        ]);
      }
      expect((await post(path)).status).toBe(403);
      expect((await post(path, {}, 'GET')).status).toBe(403);
    }
    expect(handled).not.toHaveBeenCalled();
    expect(JSON.stringify(lines)).toContain('A message was refused');
    for (const path of PATHS) expect((await post(path, { 'x-secret': OPEN })).status).toBe(204);
    expect(handled).toHaveBeenCalledTimes(3);
    const [seen] = handled.mock.calls.flat();
    expect(JSON.stringify([lines, seen])).not.toContain('sesame');
  });

  test('is not asked for by the health check and by HTTP functions', async () => {
    expect((await post('/healthz', {}, 'GET')).status).toBe(200);
    expect((await post('/', {}, 'GET')).status).toBe(functions.length === 4 ? 200 : 404);
  });
});

test('an own check sees the request before it is read', async () => {
  const digest = (text: string): string => createHmac('sha256', 'key').update(text).digest('hex');
  const verify: Extract<MessagesFrom, { verify: unknown }>['verify'] = async ({ headers, request }) =>
    headers.get('x-signature') === digest(await request.text());
  await listen({ verify }, hello, charge);
  expect((await post('/charge', { 'x-signature': digest('other') })).status).toBe(403);
  expect(handled).not.toHaveBeenCalled();
  expect((await post('/charge', { 'x-signature': digest(push) })).status).toBe(204);
  expect(handled).toHaveBeenCalledOnce();
});

test('only true lets a message in, and a check that fails makes it be sent again', async () => {
  const results: (() => unknown)[] = [
    () => undefined,
    () => 1,
    () => 'true',
    () => ({}),
    () => Promise.resolve(false),
    () => {
      throw new Error('broken');
    },
    () => Promise.reject(new FunctionError('unavailable')),
  ];
  await listen({ verify: () => results.shift()?.() }, hello, charge);
  const statuses: number[] = [];
  while (results.length > 0) statuses.push((await post('/charge')).status);
  expect(statuses).toEqual([403, 403, 403, 403, 403, 500, 503]);
  expect(handled).not.toHaveBeenCalled();
});

test('a sender that asks for permission needs no secret to get it', async () => {
  await listen({ header: 'x-secret', secret: LONG }, hello, on(shipped, { webhookOrigin: 'eventgrid.azure.net' }));
  const asked = { 'webhook-request-origin': 'eventgrid.azure.net' };
  expect((await post('/shipped', asked, 'OPTIONS')).status).toBe(200);
  expect((await post('/shipped', asked)).status).toBe(403);
});

test.each([
  [{ prot: 1 }, "listen(...): unknown option 'prot'"],
  [{ port: 0, sendTimeout: 0 }, '`sendTimeout` must be a number above 0'],
  [{ port: 0, requestTimeout: Number.NaN }, '`requestTimeout` must be a number above 0'],
  [{ port: 0, shutdownTimeout: Number.POSITIVE_INFINITY }, '`shutdownTimeout` must be at most 2147483647 ms'],
  [{ port: 0, health: 1 }, '`health` must be a string'],
  ...['healthz', '', '/up?x', '/up#x', '/a b', '/é', '*'].map((health): [object, string] => [
    { port: 0, health },
    "`health` must be a path that begins with '/'",
  ]),
  [null, 'listen(...): the options must be an object; got null'],
])('options that are unknown or invalid are refused: %j', async (options, message) => {
  await expect(node(hello).listen(options as never)).rejects.toThrow(message);
});

test.each([
  ['a path without a slash', on(charge, { path: 'pushes' }), "A path must consist of '/text'"],
  ['a path that is not encoded', on(charge, { path: '/größe' }), 'A path must be written percent-encoded'],
])('messages that would be posted to %s could never arrive', (_what, fn, message) => {
  expect(() => node(fn)).toThrow(message);
});
