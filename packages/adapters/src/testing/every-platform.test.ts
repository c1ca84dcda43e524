import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { bytes, cookie, defineFunction, http, json, queue, retryLater, schedule } from '@tradewind/core';
import { fakeBatch, fakeHttp, fakeMessage, fakeRaw, fakeSchedule, resolveRequest } from '@tradewind/core/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { everyPlatform } from './every-platform.js';
import { overLoopback } from './loopback.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);
const form = new FormData();
form.set('a', '1');

const echo = define('echo', http({ method: 'POST', path: '/echo/:name' })).handle(
  ({ params, query, headers, cookies, body }) =>
    json(
      200,
      {
        params,
        query,
        cookies,
        type: headers.get('content-type')?.split(';')[0],
        body: body instanceof FormData ? [...body] : body,
      },
      { cookies: ['a=1', 'b=2'], headers: { 'x-a': ['1', '2'] } },
    ),
);

test('two cookies stay separate on every platform, with all their attributes', async () => {
  const cookies = [
    cookie('a', 'x=1; 100% é', {
      domain: 'a.example',
      path: '/x',
      expires: new Date('2030-01-01T00:00:00Z'),
      maxAge: 0,
      sameSite: 'None',
    }),
    cookie('b', '', { httpOnly: false, secure: false, sameSite: 'Strict', maxAge: -1 }),
  ];
  const fn = define('f', http({ method: 'GET', path: '/' })).handle(() => json(200, 1, { cookies }));
  const { platforms, differences } = await everyPlatform(fn, fakeHttp());
  expect(differences).toEqual([]);
  expect(platforms.azure.value?.cookies).toEqual(cookies);
});

test('invalid JSON with a JSON content type is reported as text', async () => {
  const headers = { 'content-type': 'application/json' };
  const fn = define('f', http({ method: 'GET', path: '/' })).handle(() =>
    bytes(200, Buffer.from('{"a":'), { headers }),
  );
  const { platforms, differences } = await everyPlatform(fn, fakeHttp());
  expect(differences).toEqual([]);
  expect(platforms.lambda.value?.body).toBe('{"a":');
});

test('a compressed body is decompressed on Google Cloud, and stays bytes elsewhere', async () => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const fn = define('f', http({ method: 'POST', path: '/' })).handle(({ body }) =>
    json(200, body instanceof Uint8Array ? 'bytes' : body),
  );
  const { platforms } = await everyPlatform(fn, fakeHttp({ headers, body: gzipSync('{"a":1}') }) as never);
  for (const [name, { supported, value }] of Object.entries(platforms)) {
    if (supported) expect([name, value?.body]).toEqual([name, name === 'gcf' ? { a: 1 } : 'bytes']);
  }
});

describe('every platform sees the same', () => {
  test.each([
    ['JSON', { ü: ['✓'] }],
    ['a form', new URLSearchParams('a=1&a=2')],
    ['multipart', form],
    ['text', 'grüße'],
    ['bytes', new Uint8Array([0, 255])],
    ['nothing', undefined],
  ])('%s', async (_name, body) => {
    const { platforms, differences } = await everyPlatform(
      echo,
      fakeRaw('http', {
        params: { name: 'a/b ü' },
        query: { q: 'x&y z' },
        cookies: { c: '1 2' },
        headers: { 'x-b': '1' },
        body,
      }),
    );
    expect(differences).toEqual([]);
    expect(platforms.lambda.value).toMatchObject({ status: 200, cookies: ['a=1', 'b=2'], headers: { 'x-a': '1, 2' } });
    expect(platforms.cloudflare.value?.body).toMatchObject({
      params: { name: 'a/b ü' },
      query: { q: 'x&y z' },
      cookies: { c: '1 2' },
    });
  });

  test('bytes out', async () => {
    const fn = define('f', http({ method: 'GET', path: '/' })).handle(() => bytes(200, new Uint8Array([104, 105])));
    expect((await everyPlatform(fn, fakeHttp())).differences).toEqual([]);
  });

  test('refusals', async () => {
    const fn = define('f', http({ method: 'POST', path: '/', body: z.object({ a: z.string() }) })).handle(() => 1);
    const { platforms, differences } = await everyPlatform(fn, fakeRaw('http', { body: { a: 7 } }));
    expect(differences).toEqual([]);
    expect(platforms['lambda:alb'].value?.status).toBe(400);
  });
});

test('a response that depends on the platform is a difference', async () => {
  const fn = define('f', http({ method: 'GET', path: '/' })).handle((_event, { platform }) => platform);
  expect((await everyPlatform(fn, fakeHttp())).differences).toEqual([
    'body: lambda "lambda", azure "azure"',
    'body: lambda "lambda", gcf "gcf"',
    'body: lambda "lambda", cloudflare "cloudflare"',
    'body: lambda "lambda", node "node"',
  ]);
});

test('a message is acked or redelivered, and HTTP event formats do not support messages', async () => {
  const fn = define('f', queue({ queue: 'q', data: z.object({ a: z.string() }) })).handle(
    ({ data }, { deliveryAttempt }) => {
      if (data.a === 'bad' || deliveryAttempt !== 3) throw new Error('no');
    },
  );
  const good = await everyPlatform(fn, fakeMessage({ a: 'x' }), { deliveryAttempt: 3 });
  expect(good.differences).toEqual([]);
  expect(good.platforms.lambda.outcome).toBe('ack');
  expect(good.platforms['lambda:rest-api'].supported).toBe(false);
  const bad = await everyPlatform(fn, fakeMessage({ a: 'bad' }), { deliveryAttempt: 3 });
  expect([bad.platforms.lambda.outcome, bad.platforms.cloudflare.outcome]).toEqual(['retry', 'retry']);
});

test('the environment is set on every platform, and restored afterwards', async () => {
  const fn = define
    .env(z.object({ EVERY_TEST: z.string() }))('f', http({ method: 'GET', path: '/' }))
    .handle((_e, { env }) => env.EVERY_TEST);
  const { platforms, differences } = await everyPlatform(fn, fakeHttp(), { env: { EVERY_TEST: 'yes' } });
  expect(differences).toEqual([]);
  expect(platforms.lambda.value?.body).toBe('yes');
  expect(process.env.EVERY_TEST).toBeUndefined();
});

test('an event that a format cannot express is not a difference', async () => {
  const fn = define('f', http({ method: 'GET', path: '/' })).handle(({ query }) => query);
  const { platforms, differences } = await everyPlatform(fn, fakeHttp({ query: { a: ['1', '2'] } as never }));
  expect(platforms['lambda:alb'].supported).toBe(false);
  expect(differences).toEqual([]);
});

describe('every platform sees the same path', () => {
  const fn = define('f', http({ method: 'GET', path: '/names/:name' })).handle(({ path, params, headers }) =>
    json(200, { path, params, city: headers.get('x-city') }),
  );

  test.each([
    ['a space', 'a b', '/names/a%20b', true],
    ['#', 'a#b', '/names/a%23b', true],
    ['UTF-8', 'λ-世界', '/names/%CE%BB-%E4%B8%96%E7%95%8C', true],
    [
      'what may stand as it is',
      "me@example.com;a=1,b&c+d$e:f!~*'()",
      "/names/me@example.com;a=1,b&c+d$e:f!~*'()",
      true,
    ],
    ['/', 'a/b', '/names/a%2Fb', false],
    ['?', 'a?b', '/names/a%3Fb', false],
    ['%', 'a%b', '/names/a%25b', false],
    ['an escaped escape', 'a%41', '/names/a%2541', false],
    ['a lone %', 'a%', '/names/a%', false],
  ])('%s', async (_name, name, path, isKeptByHttpApi) => {
    const { platforms, differences } = await everyPlatform(fn, fakeHttp({ path, params: { name } }));
    expect(differences).toEqual([]);
    expect(platforms.lambda.value).toMatchObject({ status: 200, body: { path, params: { name } } });
    expect(platforms['lambda:http-api'].supported).toBe(isKeptByHttpApi);
  });

  test('a header in UTF-8 has one character per byte', async () => {
    const city = Buffer.from('Srīperumbūdūr').toString('latin1');
    const fake = fakeHttp({ params: { name: 'a' }, headers: { 'x-city': city } });
    const { platforms, differences } = await everyPlatform(fn, fake);
    expect(differences).toEqual([]);
    expect(platforms.lambda.value).toMatchObject({ status: 200, body: { city } });
  });
});

test('a response that does not match its schema fails the test', async () => {
  const fn = define('f', http({ method: 'GET', path: '/', response: z.object({ a: z.string() }) })).handle(() => ({
    a: 7,
  }));
  await expect(everyPlatform(fn, fakeHttp())).rejects.toThrow('The response does not match the response schema');
});

describe('differences between platforms are reported', () => {
  test('a bare number is text on SQS and a number on Cloudflare', async () => {
    const fn = define('f', queue({ queue: 'q' })).handle(() => {});
    expect((await everyPlatform(fn, fakeMessage(5))).differences).toEqual(['data: lambda "5", cloudflare 5']);
    expect((await everyPlatform(fn, fakeMessage({ a: 1 }))).differences).toEqual([]);
  });

  test('a failing stream is a failure where no other response is possible', async () => {
    const fn = define('f', http({ method: 'GET', path: '/' })).handle(
      () => new ReadableStream({ start: (controller) => controller.error(new Error('broke')) }),
    );
    const { platforms, differences } = await everyPlatform(fn, fakeHttp());
    expect(platforms.lambda.value?.status).toBe(500);
    expect(platforms.cloudflare).toMatchObject({ outcome: 'failed', native: { message: 'broke' } });
    expect(differences.map((one) => one.split(',')[1])).toEqual([
      ' azure failed',
      ' gcf failed',
      ' cloudflare failed',
      ' node failed',
    ]);
  });

  test.each([
    ['that is being read', (stream: ReadableStream) => void stream.getReader()],
    ['that has been read', (stream: ReadableStream) => new Response(stream).text()],
    [
      'that has been read, and let go',
      async (stream: ReadableStream) => {
        const reader = stream.getReader();
        await reader.read();
        reader.releaseLock();
      },
    ],
  ])('a stream %s is a 500 everywhere', async (_name, read) => {
    const fn = define('f', http({ method: 'GET', path: '/' })).handle(async () => {
      const stream = new Blob(['text']).stream();
      await read(stream);
      return stream;
    });
    const { platforms, differences } = await everyPlatform(fn, fakeHttp());
    expect(differences).toEqual([]);
    expect(platforms.lambda.value?.status).toBe(500);
  });

  test('a stream of strings fails everywhere, with a response where that is possible', async () => {
    const fn = define('f', http({ method: 'GET', path: '/' })).handle(
      () =>
        new ReadableStream({
          start(controller) {
            controller.enqueue('text');
            controller.close();
          },
        }),
    );
    const { platforms } = await everyPlatform(fn, fakeHttp());
    const { lambda, azure, gcf, cloudflare, node } = platforms;
    expect(lambda.value?.status).toBe(500);
    expect([azure, gcf, cloudflare, node].map(({ outcome }) => outcome)).toEqual([
      'failed',
      'failed',
      'failed',
      'failed',
    ]);
  });

  test('headers that frame a response are ignored in a result', async () => {
    const headers = { 'content-length': '2', 'transfer-encoding': 'chunked', connection: 'close', 'x-a': '1' };
    const fn = define('f', http({ method: 'GET', path: '/' })).handle(() => json(200, { a: 'long' }, { headers }));
    const { platforms, differences } = await everyPlatform(fn, fakeHttp());
    expect(differences).toEqual([]);
    expect(platforms.node.value).toMatchObject({ body: { a: 'long' }, headers: { 'x-a': '1' } });
  });

  test('a batch is compared message by message', async () => {
    const fn = define('f', queue({ queue: 'q' }).batch()).handle(({ messages }) =>
      Promise.allSettled(
        messages.map(async ({ data }) => (data === 'late' ? Promise.reject(retryLater({ after: 1 })) : 1)),
      ),
    );
    const { platforms, differences } = await everyPlatform(fn, fakeBatch(['good', 'late']) as never);
    expect(platforms.lambda.outcome).toBe('ack retryLater');
    expect(differences).toEqual([]);
    // Service Bus makes another id of one that is a number.
    const one = await everyPlatform(fn, fakeMessage('late', { id: '7' }) as never);
    expect(one.platforms.azure.outcome).toBe('retryLater');
    expect(one.differences).toEqual([]);
  });
});

test('a response that becomes invalid HTTP after its headers is a failure, and does not end the process', async () => {
  const listener: RequestListener = ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n');
    setTimeout(() => socket.end('GARBAGE'), 20);
  };
  const request = await resolveRequest(http({ method: 'GET', path: '/' }), fakeHttp());
  await expect(overLoopback(listener, request)).rejects.toThrow();
});

test('a schedule that is due at the epoch is due then on every platform', async () => {
  const fn = define('hourly', schedule({ cron: '0 * * * *' })).handle(({ time }) => time);
  expect((await everyPlatform(fn, fakeSchedule())).differences).toEqual([]);
});
