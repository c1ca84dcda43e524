// A logged event contains nothing of the platform's: no socket, no native request, no credentials.
import { Logger as Powertools } from '@aws-lambda-powertools/logger';
import { everyPlatform } from '@tradewind/adapters/testing';
import {
  type AnyFunction,
  type Context,
  defineFunction,
  event,
  http,
  json,
  type Logger,
  queue,
  schedule,
} from '@tradewind/core';
import { fakeEvent, fakeHttp, fakeMessage, fakeSchedule } from '@tradewind/core/testing';
import { jsonLogger, pinoLogger, powertoolsLogger } from '@tradewind/telemetry/logging';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

let said: string[];
beforeEach(() => {
  said = [];
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  for (const level of ['log', 'debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line) => void said.push(String(line)));
  }
});
afterEach(() => vi.restoreAllMocks());

/** The logged events, one per platform and event format. */
const logged = () =>
  said.filter((line) => line.includes('Got.')).map((line) => (JSON.parse(line) as { event: unknown }).event);

describe.each<[string, ((context: Context) => Logger) | undefined]>([
  ['the default logger', undefined],
  ['jsonLogger', jsonLogger()],
  ['pinoLogger', pinoLogger(pino({}, { write: (line: string) => void said.push(line) }))],
  ['powertoolsLogger', (context) => powertoolsLogger(new Powertools())(context)],
])('%s', (_name, logger) => {
  const fn = logger ? defineFunction.logger(logger) : defineFunction;

  test('writes a request with its path, parameters, query and headers, without credentials', async () => {
    const get = fn('get', http({ method: 'GET', path: '/orders/:id' })).handle((request, { log }) => {
      log.info('Got.', { event: request });
      return json(200, {});
    });
    const headers = { authorization: 'Bearer s3cr3t', cookie: 'a=s3cr3t', accept: 'text/plain' };
    await everyPlatform(get, fakeHttp({ params: { id: '7' }, query: { page: '2' }, headers }) as never);
    expect(said.join()).not.toContain('s3cr3t');
    expect(logged().length).toBeGreaterThan(5);
    for (const request of logged()) {
      expect(request).toEqual({
        method: 'GET',
        path: '/orders/7',
        params: { id: '7' },
        query: { page: '2' },
        headers: expect.objectContaining({ authorization: '[redacted]', cookie: '[redacted]', accept: 'text/plain' }),
      });
    }
  });

  const say = (message: unknown, { log }: Context): void => log.info('Got.', { event: message });
  const NAMES = [
    'id',
    'source',
    'type',
    'time',
    'subject',
    'datacontenttype',
    'dataschema',
    'traceparent',
    'tracestate',
  ];

  test.each<[string, AnyFunction, unknown]>([
    ['message', fn('charge', queue({ queue: 'orders' })).handle(say), fakeMessage({ orderId: 'o-1' })],
    ['event', fn('moved', event({ type: 'tradewind.fake' })).handle(say), fakeEvent({ orderId: 'o-1' })],
    ['timer', fn('report', schedule({ cron: '30 3 * * *' })).handle(say), fakeSchedule()],
  ])('writes a %s with the attributes of a CloudEvent and its data', async (_kind, given, fake) => {
    await everyPlatform(given as never, fake as never);
    expect(logged().length).toBeGreaterThan(2);
    for (const message of logged()) {
      expect(message).toMatchObject({ id: expect.any(String), source: expect.any(String), type: expect.any(String) });
      expect([...NAMES, 'extensions', 'data']).toEqual(expect.arrayContaining(Object.keys(message as object)));
    }
  });
});
