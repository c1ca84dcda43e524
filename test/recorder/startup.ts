/** What is said at definition and at start-up about mistakes. */
import { azure, on as onAzure } from '@tradewind/adapters/azure';
import { cloudflare } from '@tradewind/adapters/cloudflare';
import { gcf } from '@tradewind/adapters/gcf';
import { lambda, lambdaStream, on as onLambda } from '@tradewind/adapters/lambda';
import { lambda as lambdaHttp } from '@tradewind/adapters/lambda/http';
import { lambda as lambdaQueue } from '@tradewind/adapters/lambda/queue';
import { node, on as onNode } from '@tradewind/adapters/node';
import { beforeParsing, cookie, defineFunction, event, http, queue, schedule, type Trigger } from '@tradewind/core';
import { checkFunction } from '@tradewind/core/adapter';
import { memory } from '@tradewind/core/testing';

const get = defineFunction('get', http({ method: 'GET', path: '/a/:id' })).handle(() => 1);
const alsoGet = defineFunction('also-get', http({ method: 'GET', path: '/a/:other' })).handle(() => 1);
const work = defineFunction('work', queue({ queue: 'orders' })).handle(() => {});
const delaying = defineFunction('delaying', queue({ queue: 'orders', delayedRetry: true })).handle(() => {});
const nightly = defineFunction('nightly', schedule({ cron: '30 3 * * MON-FRI' })).handle(() => {});
const shipped = defineFunction('shipped', event({ type: 'order.shipped' })).handle(() => {});
/** An app that has no functions yet. */
const app = () => ({ http() {}, storageQueue() {}, serviceBusQueue() {}, timer() {}, eventGrid() {} }) as never;
const framework = { http() {}, cloudEvent() {} };
/** For what does not compile. */
const wrong = (value: unknown) => value as never;
const check = (trigger: Trigger) => checkFunction(defineFunction('f', trigger).handle(() => {}));
const before = beforeParsing(async (_event, _context, next) => next());

export const MISTAKES: Readonly<Record<string, () => unknown>> = {
  'defineFunction: no name': () =>
    checkFunction(defineFunction(wrong(7), http({ method: 'GET', path: '/' })).handle(() => 1)),
  'defineFunction: no trigger': () => defineFunction('f', wrong({})),
  'handle: no function': () => defineFunction('f', http({ method: 'GET', path: '/' })).handle(wrong(7)),
  'use: no middleware': () => defineFunction.use(wrong({ before() {} })),
  'use: beforeParsing after another': () =>
    checkFunction(
      defineFunction('f', http({ method: 'GET', path: '/' }))
        .use(async (_event, _context, next) => next())
        .use(before)
        .handle(() => 1),
    ),
  'env: no schema': () => defineFunction.env(wrong(7)),
  'logger: no logger': () => defineFunction.logger(wrong({ info() {} })),
  'http: an unknown option': () => check(http(wrong({ method: 'GET', path: '/', boddy: 1 }))),
  'http: a method': () => check(http({ method: wrong('get'), path: '/' })),
  'http: a path': () => check(http({ method: 'GET', path: '/a/*' })),
  'http: a body that is no schema': () => check(http({ method: 'POST', path: '/', body: wrong({}) })),
  'http: a timeout': () => check(http({ method: 'GET', path: '/', timeout: -1 })),
  'http: a size': () => check(http({ method: 'POST', path: '/', maxBodySize: Number.NaN })),
  'queue: no queue': () => check(queue(wrong({}))),
  'queue: an unknown option': () => check(queue(wrong({ queue: 'q', concurency: 1 }))),
  'queue: a concurrency': () => check(queue({ queue: 'q', concurrency: 0 })),
  'schedule: a cron': () => schedule({ cron: 'every day' }),
  'schedule: a day of the month and of the week': () => schedule({ cron: '0 0 1 * MON' }),
  'event: no type': () => check(event(wrong({}))),
  'cookie: a name': () => cookie('a b', '1'),
  'cookie: an attribute': () => cookie('a', '1', { domain: 'a;b' }),
  'lambda: nothing': () => lambda(...([] as never[])),
  'lambda: no function': () => lambda(wrong({})),
  'lambda: two kinds': () => lambda(...([get, work] as never[])),
  'lambda: one path twice': () => lambda(get, alsoGet),
  'lambda: a delay': () => lambda(delaying),
  'lambda: on with an unknown option': () => onLambda(work, wrong({ deadleter: memory() })),
  'lambda: on with no transport': () => onLambda(work, wrong({ deadLetter: {} })),
  'lambda/http: a queue': () => lambdaHttp(wrong(work)),
  'lambda/queue: a request': () => lambdaQueue(wrong(get)),
  'lambdaStream: a queue': () => lambdaStream(wrong(work)),
  'azure: nothing': () => azure(app()),
  'azure: one name twice': () => azure(app(), work, work),
  'azure: a queue’s name': () =>
    azure(
      app(),
      defineFunction('work', queue({ queue: 'My_Queue' })).handle(() => {}),
    ),
  'azure: Service Bus without a connection': () => azure(app(), onAzure(work, wrong({ source: 'serviceBus' }))),
  'azure: an unknown source': () => azure(app(), onAzure(work, wrong({ source: 'kafka' }))),
  'azure: a delay': () => azure(app(), delaying),
  'gcf: nothing': () => gcf(framework),
  'gcf: one name twice': () => gcf(framework, get, get),
  'gcf: a delay': () => gcf(framework, delaying),
  'cloudflare: nothing': () => cloudflare(),
  'cloudflare: an event': () => cloudflare(wrong(shipped)),
  'cloudflare: one queue twice': () => cloudflare(work, delaying),
  'cloudflare: one cron twice': () => cloudflare(nightly, nightly),
  'node: nothing': () => node(),
  'node: one path twice': () => node(get, alsoGet).listen({ port: 0 }),
  'node: a delay': () => node(delaying),
  'node: a port': () => node(get).listen({ port: -1 }),
  'node: the health path': () => node(get).listen({ port: 0, health: '/a/:id' }),
  'node: on with a path': () => node(onNode(work, wrong({ path: 7 }))),
};
