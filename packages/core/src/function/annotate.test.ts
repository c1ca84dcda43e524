import { expect, test } from 'vitest';
import { z } from 'zod';
import type { HttpEvent } from '../http/event.js';
import { json } from '../http/result.js';
import { http } from '../http/trigger.js';
import { queue } from '../messages/queue.js';
import { fakeHttp, fakeMessage, invoke } from '../testing/index.js';
import { annotate, annotationOf } from './annotate.js';
import { checkFunction } from './check.js';
import { defineFunction } from './define.js';
import { beforeParsing, defineMiddleware, reply } from './middleware.js';

const KEY = { apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' } } as const;
const user = beforeParsing(async (event: HttpEvent, _context, next) => {
  const id = event.headers.get('x-api-key');
  return id === null ? reply(json(401, { error: 'A key is needed.' })) : next({ user: id });
});

test('what a layer says of itself can be read from the function, and the layer works as before', async () => {
  const fn = defineFunction('f', http({ method: 'POST', path: '/', body: z.object({}) }))
    .use(annotate(user, { security: KEY, responses: { 401: { description: 'There is no key.' } } }))
    .handle((_event, { user }) => ({ user }));
  expect(fn.middleware.map(annotationOf)).toEqual([
    { security: KEY, responses: { 401: { description: 'There is no key.' } } },
  ]);
  // It still runs before parsing: the body, which does not fit, is never read.
  expect(await invoke(fn, fakeHttp({ body: 7 as never }))).toMatchObject({ status: 401 });
  const answer = await invoke(fn, fakeHttp({ headers: { 'x-api-key': 'ada' }, body: {} }));
  expect(answer.body).toEqual({ user: 'ada' });
});

test('an annotation keeps what an earlier one said of another member, and the original says nothing', () => {
  const twice = annotate(annotate(user, { security: KEY, scopes: ['read'] }), { scopes: ['write'] });
  expect(annotationOf(twice)).toEqual({ security: KEY, scopes: ['write'] });
  expect(annotationOf(user)).toBeUndefined();
});

test('a base for HTTP gives every function its authentication, in one line', async () => {
  const api = defineFunction.for('http').use(user);
  const fn = api('f', http({ method: 'GET', path: '/' })).handle((_event, { user }) => user);
  expect(await invoke(fn, fakeHttp())).toMatchObject({ status: 401 });
  expect(await invoke(fn, fakeHttp({ headers: { 'x-api-key': 'ada' } }))).toMatchObject({ status: 200, body: '"ada"' });
});

test('a base for a kind keeps environment, logger and layers', async () => {
  const base = defineFunction
    .env(z.object({ A: z.string() }))
    .use(defineMiddleware(async (_e, _c, next) => next({ b: 2 })));
  const work = base
    .for('queue')('work', queue({ queue: 'q' }))
    .handle(({ data }, { env, b }) => [data, env.A, b]);
  expect(await invoke(work, fakeMessage(1), { env: { A: 'a' } })).toEqual([1, 'a', 2]);
});

test('a function of another kind than its base is refused by the check', () => {
  const wrong = defineFunction
    .for('http')('work', queue({ queue: 'q' }) as never)
    .handle((() => {}) as never);
  expect(() => checkFunction(wrong)).toThrow("'work' is of kind queue, but its base is for('http').");
});
