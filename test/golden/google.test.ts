import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as functionsFramework from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { gcf } from '@tradewind/adapters/gcf';
import { node } from '@tradewind/adapters/node';
import { everyPlatform } from '@tradewind/adapters/testing';
import { type AnyFunction, type CloudEvent, defineFunction, event, queue, schedule } from '@tradewind/core';
import { fakeEvent, fakeMessage, fakeSchedule } from '@tradewind/core/testing';
import { describe, expect, test } from 'vitest';
import * as golden from './google.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const define = defineFunction.logger(quiet);

interface Seen {
  readonly event: CloudEvent;
  readonly attempt: number | undefined;
}
const seen: Seen[] = [];
const keep = (one: CloudEvent, { deliveryAttempt: attempt }: { deliveryAttempt: number | undefined }): void =>
  void seen.push({ event: { ...one }, attempt });

async function posted(port: number, path: string, { headers, body }: golden.Sent): Promise<number> {
  seen.length = 0;
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return (await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, ...sent })).status;
}

/** Through Google's own framework. */
async function onGcf(fn: AnyFunction, sent: golden.Sent): Promise<number> {
  gcf(functionsFramework, fn as never);
  const server = getTestServer(fn.name).listen(0, '127.0.0.1') as Server;
  await once(server, 'listening');
  try {
    return await posted((server.address() as AddressInfo).port, '/', sent);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** To a server of its own. */
async function onNode(fn: AnyFunction, sent: golden.Sent): Promise<number> {
  const server = await node(fn as never).listen({ port: 0, host: '127.0.0.1', shutdownTimeout: 100 });
  try {
    return await posted(server.port, `/${fn.name}`, sent);
  } finally {
    await server.close();
  }
}

const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const message = {
  id: '2070443601311540',
  source: '//pubsub.googleapis.com/projects/myproject/topics/mytopic',
  type: 'google.cloud.pubsub.topic.v1.messagePublished',
  time: '2021-02-26T19:13:55.749Z',
  traceparent: TRACE,
  tracestate: undefined,
  extensions: { key: 'value', googclient_traceparent: TRACE, orderingkey: 'key' },
  data: 'Hello Cloud Pub/Sub! Here is my message!',
};
const work = define('work', queue({ queue: 'q' })).handle(keep);
const stored = define('stored', event({ type: 'google.cloud.storage.object.v1.finalized' })).handle(keep);
const nightly = define('nightly', schedule({ cron: '30 3 * * MON-FRI' })).handle(keep);

describe.each([
  ['the Functions Framework', onGcf],
  ['a server', onNode],
])('what a function on %s sees of', (name, run) => {
  test.each([
    ['binary', golden.published],
    ['structured', golden.publishedStructured],
  ])('a message of Pub/Sub from Eventarc, %s', async (_mode, sent) => {
    expect(await run(work, sent)).toBe(204);
    expect(seen).toEqual([{ attempt: 5, event: message }]);
  });

  test('a push of Pub/Sub', async () => {
    expect(await run(work, golden.push)).toBe(204);
    if (name === 'a server') {
      const source = '//pubsub.googleapis.com/projects/myproject/subscriptions/mysubscription';
      expect(seen).toEqual([{ attempt: 5, event: { ...message, source } }]);
    } else {
      // The framework makes it a CloudEvent, and leaves out what it does not know.
      const { orderingkey: _, ...extensions } = message.extensions;
      const source = '//pubsub.googleapis.com/';
      expect(seen).toEqual([{ attempt: undefined, event: { ...message, source, extensions } }]);
    }
  });

  test('an object of Cloud Storage', async () => {
    expect(await run(stored, golden.stored)).toBe(204);
    expect(seen).toEqual([
      {
        attempt: undefined,
        event: {
          id: '5e9f24a-1234',
          source: '//storage.googleapis.com/projects/_/buckets/my-bucket',
          type: 'google.cloud.storage.object.v1.finalized',
          subject: 'objects/my-file é.txt',
          time: '2021-10-05T21:20:33.1Z',
          traceparent: TRACE,
          ...(name === 'a server' && { datacontenttype: 'application/json' }),
          extensions: { bucket: 'my-bucket' },
          data: golden.stored.body,
        },
      },
    ]);
  });
});

test("what a schedule sees of Cloud Scheduler's jobs", async () => {
  expect(await onGcf(nightly, golden.scheduled)).toBe(204);
  expect(seen[0]?.event).toEqual({
    id: '30 3 * * MON-FRI 2026-01-05T03:30:00.000Z',
    source: '//pubsub.googleapis.com/projects/myproject/topics/mytopic',
    type: 'google.scheduler.job',
    time: '2026-01-05T03:30:00.000Z',
    extensions: {},
    data: undefined,
  });
  expect(await onNode(nightly, golden.posted)).toBe(204);
  expect(seen[0]?.event).toEqual({
    id: '30 3 * * MON-FRI 2026-01-05T03:30:00.123Z',
    source: 'urn:http:schedule:nightly',
    type: 'http.schedule',
    time: '2026-01-05T03:30:00.123Z',
    extensions: { cron: '30 3 * * MON-FRI' },
    data: undefined,
  });
});

describe('what is no event is never taken for handled', () => {
  const batch = [golden.publishedStructured.body];
  const { 'ce-id': _id, ...withoutId } = golden.stored.headers;
  const { 'ce-id': _other, ...publishedWithoutId } = golden.published.headers;
  const structured = { 'content-type': 'application/cloudevents+json' };
  const one = { specversion: '1.0', id: '1', source: '/s', type: 'google.cloud.storage.object.v1.finalized' };
  test.each([
    ['without an id', stored, { ...golden.stored, headers: withoutId }],
    ['of Pub/Sub without an id', work, { headers: publishedWithoutId, body: { message: {} } }],
    ['a batch', work, { headers: { 'content-type': 'application/cloudevents-batch+json' }, body: batch }],
    ['a batch as one', work, { headers: structured, body: batch }],
    ['of another version', stored, { headers: structured, body: { ...one, specversion: '0.3' } }],
    ['of another type', stored, golden.published],
    ['that is nothing', stored, { headers: structured, body: {} }],
    ['without a body', work, { headers: {}, body: undefined }],
    ['base64 that is none', stored, { headers: structured, body: { ...one, data_base64: '*' } }],
  ])('%s', async (name, fn, sent) => {
    expect(await onGcf(fn, sent)).toBe(500);
    expect(seen).toEqual([]);
    // What is an event and cannot be read is rejected; of anything else, whoever wired it may still make a message.
    expect(await onNode(fn, sent)).toBe(name === 'base64 that is none' ? 400 : 500);
    expect(seen).toEqual([]);
  });

  test('data_base64 is decoded', async () => {
    for (const run of [onGcf, onNode]) {
      expect(await run(stored, { headers: structured, body: { ...one, data_base64: '/wA=' } })).toBe(204);
      expect(seen[0]?.event.data).toEqual(new Uint8Array([255, 0]));
    }
  });

  test.each([undefined, null, 0, '', false, Number.NaN])('a thrown %j', async (thrown) => {
    const fn = define('throws', event({ type: one.type })).handle(async () => {
      throw thrown;
    });
    expect(await onGcf(fn, golden.stored)).toBe(500);
    expect(await onNode(fn, golden.stored)).toBe(503);
  });
});

/** The fields and the types of their values; what a sender names itself is left out. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || path.endsWith('attributes')) return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([key, inner]) => fieldsOf(inner, `${path}.${key}`));
}

test('the events that everyPlatform makes have the documented fields, and no other', async () => {
  const sent: Record<string, unknown> = {};
  const spy =
    (name: string) =>
    (_one: unknown, { native, platform }: { native: unknown; platform: string }): void => {
      if (platform === 'gcf') sent[name] = (native as { event: unknown }).event;
    };
  await everyPlatform(
    defineFunction('f', queue({ queue: 'q' })).handle(spy('message')),
    fakeMessage('x', { extensions: { key: 'value' } }),
  );
  await everyPlatform(defineFunction('f', schedule({ cron: '* * * * *' })).handle(spy('job')), fakeSchedule());
  await everyPlatform(defineFunction('f', event({ type: 't' })).handle(spy('event')), fakeEvent({ a: 1 }));
  // Only where the sender has set one.
  const documented = fieldsOf(golden.publishedStructured.body).filter((field) => !field.includes('orderingKey'));
  expect(fieldsOf(sent.message).toSorted()).toEqual(documented.toSorted());
  expect(fieldsOf(sent.job).toSorted()).toEqual(documented.toSorted());
  const attributes = Object.keys(golden.publishedStructured.body as object).toSorted();
  expect(Object.keys(sent.event as object).toSorted()).toEqual(attributes);
});
