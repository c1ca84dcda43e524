/** Fetched variables on every platform, and how an event ends if they cannot be fetched. */
import { defineFunction, envProvider, event, http, queue, schedule } from '@tradewind/core';
import { fakeBatch, fakeEvent, fakeHttp, fakeMessage, fakeSchedule, memory } from '@tradewind/core/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { cloudflare, on as onWorkers, secretsStore } from './cloudflare/index.js';
import { lambda, on } from './lambda/index.js';
import { everyPlatform } from './testing/index.js';
import { lambdaContext, workersContext } from './testing/pretend.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const SECRET = 'the-key-of-the-payment-service';
const fn = defineFunction.logger(quiet).env(z.object({ KEY: z.string() }));
const pay = fn('pay', http({ method: 'GET', path: '/' })).handle((_event, { env }) => ({ length: env.KEY.length }));
const charge = fn('charge', queue({ queue: 'orders' })).handle((_event, { env }) => {
  if (env.KEY !== SECRET) throw new Error(env.KEY);
});
const good = () => ({ KEY: envProvider(async () => SECRET) });
const bad = () => ({ KEY: envProvider(() => Promise.reject(new Error('never-seen'))) });

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('on every platform', () => {
  test('a request is answered with the fetched values', async () => {
    const { platforms, differences } = await everyPlatform(pay, fakeHttp(), { wiring: { env: good() } });
    expect(differences).toEqual([]);
    expect(platforms.cloudflare.value).toMatchObject({ status: 200 });
    expect(platforms.node.value?.body).toEqual(platforms.lambda.value?.body);
  });

  test('a request is a 503 without detail if nothing can be fetched', async () => {
    const { platforms, differences } = await everyPlatform(pay, fakeHttp(), { wiring: { env: bad() } });
    expect(differences).toEqual([]);
    expect(platforms.lambda.value).toMatchObject({ status: 503 });
    expect(JSON.stringify(platforms)).not.toMatch(/KEY|never-seen/);
  });

  test.each([
    ['a message', charge, fakeMessage(1)],
    ['a batch', fn('batch', queue({ queue: 'orders' }).batch()).handle(() => {}), fakeBatch([1, 2])],
    ['an event', fn('event', event({ type: 'a.b' })).handle(() => {}), fakeEvent(1)],
    ['a schedule', fn('schedule', schedule({ cron: '* * * * *' })).handle(() => {}), fakeSchedule()],
  ])('%s is done with the fetched values, and retried if nothing can be fetched', async (_what, run, fake) => {
    for (const [env, outcome] of [
      [good(), /^ack( ack)*$/],
      [bad(), /^retry( retry)*$/],
    ] as const) {
      const deadLetter = memory();
      const { platforms } = await everyPlatform(run as never, fake as never, { wiring: { env, deadLetter } });
      const supported = Object.values(platforms).filter((report) => report.supported);
      expect(supported.length).toBeGreaterThan(0);
      for (const report of supported) expect(report.outcome).toMatch(outcome);
      expect(deadLetter.sent).toEqual([]);
    }
  });
});

describe('an error that is passed to the platform', () => {
  const failing = fn('failing', schedule({ cron: '* * * * *' })).handle((_event, { env }) => {
    throw Object.freeze(new Error(`Bearer ${env.KEY}`, { cause: new Error(env.KEY) }));
  });
  const read = (error: Error): string => `${error.message} ${error.stack} ${(error.cause as Error).stack}`;

  test('on Lambda contains no secret', async () => {
    const native = { 'detail-type': 'Scheduled Event', source: 'aws.events', id: '1', time: '2026-01-01T00:00:00Z' };
    const handler = lambda(on(failing, { env: good() }));
    const error = (await handler({ ...native, detail: {}, resources: [] }, lambdaContext()).catch(
      (reason: unknown) => reason,
    )) as Error;
    expect(error.message).toBe('Bearer [secret]');
    expect(read(error)).not.toContain(SECRET);
  });

  test('on Workers contains no secret', async () => {
    const worker = cloudflare(onWorkers(failing, { env: good() }));
    const controller = { cron: '* * * * *', scheduledTime: 0, noRetry() {} };
    const error = await worker.scheduled(controller, {}, workersContext()).catch((reason: unknown) => reason);
    expect((error as Error).message).toBe('Bearer [secret]');
    expect(read(error as Error)).not.toContain(SECRET);
  });
});

describe('secretsStore', () => {
  const messages = () => {
    const marks: string[] = [];
    const message = { id: '1', timestamp: new Date(0), body: 1, attempts: 1 };
    const marked = { ...message, ack: () => void marks.push('ack'), retry: () => void marks.push('retry') };
    return { batch: { queue: 'orders', messages: [marked] }, marks };
  };
  const worker = cloudflare(onWorkers(charge, { env: { KEY: secretsStore('KEY') } }));

  test('fails a message, which is not acked, until the binding exists', async () => {
    for (const env of [{}, { KEY: 'a variable' }, { KEY: { get: () => Promise.reject(new Error('never-seen')) } }]) {
      const { batch, marks } = messages();
      await worker.queue(batch, env, workersContext());
      expect(marks).toEqual(['retry']);
    }
    const { batch, marks } = messages();
    const get = vi.fn(async () => SECRET);
    const store = { get };
    await worker.queue(batch, { KEY: store }, workersContext());
    expect(marks).toEqual(['ack']);
    expect(get.mock.contexts).toEqual([store]);
  });

  test('reports which binding is missing', async () => {
    const lines: unknown[] = [];
    const told = defineFunction
      .logger({ ...quiet, error: (...line) => lines.push(line) })
      .env(z.object({ KEY: z.string() }))('f', queue({ queue: 'orders' }))
      .handle(() => {});
    const { batch } = messages();
    await cloudflare(onWorkers(told, { env: { KEY: secretsStore('PAY') } })).queue(batch, {}, workersContext());
    expect(String((lines[0] as [string, { error: Error }])[1].error)).toContain(
      "KEY could not be fetched: secretsStore(...): the Worker has no Secrets Store binding 'PAY'",
    );
  });
});

test('a failing stream passes no secret to Lambda', async () => {
  const stream = { write: () => true, end: (done: () => void) => done(), once() {} };
  vi.stubGlobal('awslambda', {
    streamifyResponse: (run: (event: unknown, to: unknown, context: unknown) => Promise<void>) => (event: unknown) =>
      run(event, stream, lambdaContext()),
    HttpResponseStream: { from: () => stream },
  });
  const { lambdaStream } = await import('./lambda/index.js');
  const broken = fn('broken', http({ method: 'GET', path: '/' })).handle(
    (_event, { env }) =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.error(new Error(`Bearer ${env.KEY}`));
        },
      }),
  );
  const handler = lambdaStream(on(broken, { env: good() }));
  const request = { version: '2.0', rawPath: '/', rawQueryString: '', headers: {}, isBase64Encoded: false };
  const requestContext = { http: { method: 'GET', path: '/' } };
  await expect(handler({ ...request, requestContext }, lambdaContext())).rejects.toThrow('Bearer [secret]');
});
