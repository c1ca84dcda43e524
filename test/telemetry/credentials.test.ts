// Credentials in headers, queries and parameters are in no log line, whoever writes it, and on no platform.
import { Logger as Powertools } from '@aws-lambda-powertools/logger';
import { everyPlatform } from '@tradewind/adapters/testing';
import { type Context, defineFunction, http, json, type Logger } from '@tradewind/core';
import { fakeHttp } from '@tradewind/core/testing';
import { azureLogger, jsonLogger, pinoLogger, powertoolsLogger } from '@tradewind/telemetry/logging';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

let said: string[];
beforeEach(() => {
  said = [];
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  for (const level of ['log', 'debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line) => void said.push(String(line)));
  }
});
afterEach(() => vi.restoreAllMocks());

/** The lines of the test, without the indentation that Powertools adds, and without the message before Azure's fields. */
const logged = () =>
  said
    .filter((line) => line.includes('Got.'))
    .map((line) => JSON.stringify(JSON.parse(line.replace(/^Got\. /, '')) as unknown));

const HEADERS = [
  ...['authorization', 'proxy-authorization', 'x-serverless-authorization', 'x-forwarded-authorization', 'cookie'],
  ...['x-api-key', 'x-functions-key', 'x-goog-api-key', 'ocp-apim-subscription-key', 'aeg-sas-key', 'apikey'],
  ...['x-goog-iap-jwt-assertion', 'cf-access-jwt-assertion', 'x-amzn-oidc-data', 'x-amzn-oidc-accesstoken'],
  ...['x-amz-security-token', 'x-auth-token', 'x-csrf-token', 'x-vault-token', 'x-ms-token-aad-id-token'],
  ...['cf-access-client-secret', 'x-hub-signature-256', 'stripe-signature', 'x-webhook-secret', 'x-password'],
];
const NAMES = [
  ...['code', 'token', 'access_token', 'id_token', 'refresh_token', 'sig', 'signature', 'X-Amz-Signature', 'api_key'],
  ...['X-Amz-Security-Token', 'X-Goog-Signature', 'key', 'apiKey', 'subscription-key', 'client_secret', 'password'],
];
const SECRET = 's3cr3t';
const urls = NAMES.flatMap((name) => [`/api/x?page=2&${name}=${SECRET}`, `https://a.example/?${name}=${SECRET}#a`]);

const LOGGERS: [string, ((context: Context) => Logger) | undefined][] = [
  ['the default logger', undefined],
  ['jsonLogger', jsonLogger()],
  ['azureLogger', azureLogger()],
  ['pinoLogger', pinoLogger(pino({}, { write: (line: string) => void said.push(line) }))],
  ['powertoolsLogger', (context) => powertoolsLogger(new Powertools())(context)],
];

describe.each(LOGGERS)('%s', (_name, logger) => {
  const fn = logger ? defineFunction.logger(logger) : defineFunction;

  test('writes a request and its headers without any', async () => {
    const get = fn('get', http({ method: 'GET', path: '/reset/:token/:id' })).handle((request, { log }) => {
      log.info('Got.', { event: request, headers: request.headers });
      return json(200, {});
    });
    const headers = {
      ...Object.fromEntries(HEADERS.map((name) => [name, SECRET])),
      ...Object.fromEntries(urls.map((url, at) => [`x-original-url-${at}`, url])),
      'user-agent': 'curl/8.5',
      'sec-ch-ua-mobile': '?0',
      'x-order': 'o-1',
    };
    const query = { ...Object.fromEntries(NAMES.map((name) => [name, SECRET])), page: '2', back: urls[0] as string };
    // What is a part of the path is logged.
    await everyPlatform(get, fakeHttp({ params: { token: 't', id: '7' }, query, headers } as never) as never);
    const lines = logged();
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      expect(line).not.toContain(SECRET);
      for (const kept of ['curl/8.5', '"?0"', '"page":"2"', '"x-order":"o-1"', '"id":"7"', '"token":"[redacted]"']) {
        expect(line).toContain(kept);
      }
    }
  });

  test('writes the output of a query’s schema without any', async () => {
    const query = z.object({ token: z.string(), pages: z.array(z.string()), size: z.coerce.bigint() });
    const get = fn('get', http({ method: 'GET', path: '/', query })).handle((request, { log }) => {
      log.info('Got.', { event: request });
      return json(200, {});
    });
    await everyPlatform(get, fakeHttp({ query: { token: SECRET, pages: ['1', '2'], size: '3' } as never }));
    const lines = logged().filter((line) => line.includes('"pages":["1","2"]'));
    expect(lines.length).toBeGreaterThan(2);
    expect(said.join()).not.toContain(SECRET);
  });
});

test('a query whose schema returns no object is written', async () => {
  for (const output of [undefined, null, 7, 'text']) {
    const query = z.object({}).transform(() => output);
    const get = defineFunction('get', http({ method: 'GET', path: '/', query })).handle((request) => {
      expect(JSON.parse(JSON.stringify(request))).toMatchObject({ method: 'GET', path: '/' });
      return json(200, {});
    });
    const { platforms } = await everyPlatform(get, fakeHttp());
    expect(platforms.lambda.value?.status).toBe(200);
  }
});

test('a header of a hundred thousand question marks takes no time', () => {
  const get = defineFunction('get', http({ method: 'GET', path: '/' })).handle(({ headers }) =>
    JSON.stringify(headers),
  );
  const started = performance.now();
  return everyPlatform(get, fakeHttp({ headers: { 'x-odd': '?'.repeat(100_000) } })).then(() =>
    expect(performance.now() - started).toBeLessThan(5_000),
  );
});

test('jsonLogger hides them in native events, lists and texts too', () => {
  const log = jsonLogger()({ functionName: 'f', platform: 'test', invocationId: 'i' } as never);
  log.info(`GET https://a.example/?sig=${SECRET}&page=2 failed.`, {
    headers: Object.fromEntries(HEADERS.map((name) => [name, SECRET])),
    multiValueHeaders: { 'X-Api-Key': [SECRET], Accept: ['*/*'] },
    cookies: [SECRET],
    rawHeaders: HEADERS.flatMap((name) => [name, SECRET]),
    rawQueryString: NAMES.map((name) => `${name}=${SECRET}`).join('&'),
    urls,
    error: new Error(`fetch ${urls[0]} failed`, { cause: { config: { accessToken: SECRET, client_secret: SECRET } } }),
  });
  expect(said).toHaveLength(1);
  expect(said[0]).not.toContain(SECRET);
  expect(said[0]).toContain('GET https://a.example/?sig=[redacted]&page=2 failed.');
  expect(said[0]).toContain('"Accept":["*/*"]');
});

test('jsonLogger shows what only looks similar', () => {
  const log = jsonLogger()({ functionName: 'f', platform: 'test', invocationId: 'i' } as never);
  const fields = {
    key: 'a.json',
    code: 'E1',
    nextToken: 'n',
    totalTokens: 7,
    text: 'a=1 token',
    path: '/a?page=2&b=c',
  };
  log.info('Read a/b.json?version=3.', fields);
  expect(JSON.parse(said[0] as string)).toMatchObject({ message: 'Read a/b.json?version=3.', ...fields });
});

test('jsonLogger takes no time for a text of a hundred thousand separators', () => {
  const log = jsonLogger()({ functionName: 'f', platform: 'test', invocationId: 'i' } as never);
  const started = performance.now();
  for (const text of ['?', '&', '=', '?a', '&token', 'token='])
    log.info(text.repeat(100_000), { text: text.repeat(30_000) });
  expect(performance.now() - started).toBeLessThan(5_000);
});
