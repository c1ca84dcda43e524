/** What the types refuse is refused at run time too, for users of JavaScript: every place that takes functions. */
import { defineFunction, event, http, queue, schedule } from '@tradewind/core';
import { deliver, fakeHttp, fakeMessage, invoke } from '@tradewind/core/testing';
import { describe, expect, test } from 'vitest';
import { parameterStore, secretsManager } from './aws/index.js';
import { azure } from './azure/index.js';
import { cloudEvents } from './cloudevents/index.js';
import { cloudflare } from './cloudflare/index.js';
import { gcf } from './gcf/index.js';
import { lambda as httpOnly } from './lambda/http-only.js';
import { lambda, lambdaStream } from './lambda/index.js';
import { lambda as queueOnly } from './lambda/queue-only.js';
import { fromMiddy, toMiddy } from './middy/index.js';
import { node } from './node/index.js';
import { everyPlatform } from './testing/index.js';

const get = defineFunction('get', http({ method: 'GET', path: '/a' })).handle(() => 1);
const post = defineFunction('post', http({ method: 'POST', path: '/a' })).handle(() => 1);
const charge = defineFunction('charge', queue({ queue: 'q' })).handle(() => {});
const nightly = defineFunction('nightly', schedule({ cron: '0 3 * * *' })).handle(() => {});
const shipped = defineFunction('shipped', event({ type: 't' })).handle(() => {});

// biome-ignore lint/suspicious/noExplicitAny: as JavaScript calls them
type Loose = (...args: any[]) => unknown;
const app = { http() {}, storageQueue() {}, serviceBusQueue() {}, timer() {}, eventGrid() {} };
const framework = { http() {}, cloudEvent() {} };
const PLACES: Readonly<Record<string, Loose>> = {
  lambda: lambda as Loose,
  lambdaStream: lambdaStream as Loose,
  'lambda/http': httpOnly as Loose,
  'lambda/queue': queueOnly as Loose,
  azure: (...functions) => (azure as Loose)(app, ...functions),
  gcf: (...functions) => (gcf as Loose)(framework, ...functions),
  cloudflare: cloudflare as Loose,
  node: node as Loose,
  toMiddy: toMiddy as Loose,
};
const misconfigured = expect.objectContaining({ code: 'misconfigured' });

describe.each(Object.entries(PLACES))('%s', (_place, take) => {
  test.each<[string, unknown[]]>([
    ['nothing', []],
    ['a list', [[get, post]]],
    ['a function without a handler', [defineFunction('f', http({ method: 'GET', path: '/' }))]],
    ['a plain function', [() => 1]],
    ['a trigger', [http({ method: 'GET', path: '/' })]],
    ['options', [{ port: 1 }]],
    ['null', [null]],
    ['a function, and options', [get, { port: 1 }]],
    ['a message function, and options', [charge, { env: {} }]],
    ['a kind that nothing runs', [{ ...get, trigger: { ...get.trigger, kind: 'stream' } }]],
  ])('refuses %s', (_what, given) => {
    expect(() => take(...given)).toThrow(misconfigured);
  });
});

describe('a place for one function refuses several, instead of serving the first', () => {
  test.each<[string, unknown[]]>([
    ['lambda/http', [get, post]],
    ['lambda/queue', [charge, charge]],
    ['toMiddy', [get, post]],
  ])('%s', (place, functions) => {
    expect(() => PLACES[place]?.(...functions)).toThrow(`${place} takes one function. Use lambda.`);
  });

  test.each([[[charge, nightly]], [[get, charge]], [[shipped, shipped]]])(
    'lambda, not for requests alone',
    (functions) => {
      expect(() => (lambda as Loose)(...functions)).toThrow(misconfigured);
    },
  );
});

describe('everyPlatform', () => {
  const run = everyPlatform as unknown as (...args: unknown[]) => Promise<unknown>;

  test.each<[string, unknown[]]>([
    ['no function', [undefined, fakeHttp()]],
    ['a function without a handler', [defineFunction('f', queue({ queue: 'q' })), fakeMessage(1)]],
    ['no event', [get]],
    ['an event that is no fake', [get, { method: 'GET' }]],
    ['a message for a request', [get, fakeMessage(1)]],
    ['a request for a message', [charge, fakeHttp()]],
    ['a message for a schedule', [nightly, fakeMessage(1)]],
    ['an unknown option', [get, fakeHttp(), { environment: {} }]],
  ])('refuses %s', async (_what, given) => {
    await expect(run(...given)).rejects.toThrow(misconfigured);
  });
});

test('fromMiddy refuses a function', () => {
  expect(() => (fromMiddy as Loose)(get)).toThrow(misconfigured);
});

test('cloudEvents refuses an unknown option', () => {
  expect(() => (cloudEvents as Loose)('https://a.example', { timeOut: 1 })).toThrow("unknown option 'timeOut'");
});

test('a provider of a variable refuses an unknown option', () => {
  expect(() => (parameterStore as Loose)({}, '/a', { TTL: 1 })).toThrow("unknown option 'TTL'");
  expect(() => (secretsManager as Loose)({}, 'a', { fields: 'x' })).toThrow("unknown option 'fields'");
});

test('invoke and deliver refuse an unknown option', async () => {
  await expect((invoke as Loose)(get, fakeHttp(), { environment: {} })).rejects.toThrow("unknown option 'environment'");
  await expect((deliver as Loose)(charge, fakeMessage(1), { attempt: 2 })).rejects.toThrow("unknown option 'attempt'");
});
