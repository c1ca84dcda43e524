import { HttpRequest, HttpResponse } from '@azure/functions';
import { type AzureApp, azure, on } from '@tradewind/adapters/azure';
import type { AnyFunction } from '@tradewind/core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import {
  arrived,
  cloudEvent,
  eventGrid,
  type Sent,
  serviceBus,
  serviceBusMany,
  storageQueue,
  timer,
} from '../golden/azure.ts';
import { bulk, everything, handled, nightly, other, quiet, RUNS, shipped, succeeds, work } from './functions.ts';
import { mutate, mutations } from './mutate.ts';
import { requests } from './requests.ts';

type Handler = (trigger: unknown, context: object) => Promise<unknown>;
function handlerOf(...functions: AnyFunction[]): Handler {
  const handlers: Handler[] = [];
  const keep = (_name: string, { handler }: { handler: never }): void => void handlers.push(handler);
  const app = { http: keep, storageQueue: keep, serviceBusQueue: keep, timer: keep, eventGrid: keep };
  azure(app as unknown as AzureApp, ...(functions as []));
  return handlers[0] as Handler;
}

afterEach(() => {
  expect('polluted' in {}).toBe(false);
});

test.each([
  ['one function', [everything]],
  ['several', [everything, other]],
])('10,000 requests to %s are answered, none with a 500', async (_name, functions) => {
  const handler = handlerOf(...functions);
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, url, headers, body }) => {
      let request: HttpRequest;
      try {
        const init = { method, url: `https://a.example/api${url}`, headers: Object.fromEntries(headers) };
        request = new HttpRequest({ ...init, body: { bytes: Buffer.from(body) } } as never);
      } catch {
        // Its own library has none for it.
        return;
      }
      const answer = (await handler(request, { invocationId: 'i', ...quiet })) as { status: number };
      expect(answer.status).not.toBe(500);
      await new HttpResponse(answer as never).arrayBuffer();
    }),
    RUNS,
  );
});

const onBus = { source: 'serviceBus', connection: 'BUS' } as const;
const SHIPPED = { eventType: 't', type: 't', data: { id: '1' } };
const rows: readonly [string, AnyFunction, Sent, object?][] = [
  ['a message of a storage queue', work, storageQueue],
  ['a message of Service Bus', on(work, onBus), serviceBus],
  ['several messages of Service Bus', on(bulk, onBus), serviceBusMany],
  ['several messages of a session', on(bulk, { ...onBus, isSessionsEnabled: true }), serviceBusMany],
  ['a timer', nightly, timer],
  ["an event in Event Grid's schema", shipped, eventGrid, SHIPPED],
  ['a CloudEvent of Event Grid', shipped, cloudEvent, SHIPPED],
];

/** Bytes are no JSON: they are text while they are mutated. */
const toText = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString() : Array.isArray(value) ? value.map(toText) : value;
const toBytes = (value: unknown): unknown =>
  typeof value === 'string' ? Buffer.from(value) : Array.isArray(value) ? value.map(toBytes) : value;

describe('10,000 mutations are handled, or fail the invocation', () => {
  test.each(rows)('%s', async (_name, fn, sent, more = {}) => {
    const handler = handlerOf(fn);
    const { trigger, context } = await arrived(sent);
    const isMessage = sent.type === 'queueTrigger' || sent.type === 'serviceBusTrigger';
    const golden = {
      trigger: isMessage ? toText(trigger) : { ...(trigger as object), ...more },
      triggerMetadata: {
        ...JSON.parse(JSON.stringify(context.triggerMetadata ?? {})),
        ...(fn.name === 'bulk' && { messageIdArray: ['m-1', 'm-2'] }),
      },
    };
    expect(await succeeds(() => handler(trigger, { ...context, ...quiet }))).toBe(more !== SHIPPED);
    let succeeded = 0;
    await fc.assert(
      fc.asyncProperty(mutations, async (all) => {
        const came = Object(mutate(golden, all)) as Partial<typeof golden>;
        const given = isMessage ? toBytes(came.trigger) : came.trigger;
        const context = { invocationId: 'i', ...quiet, triggerMetadata: came.triggerMetadata };
        const done = await succeeds(() => handler(given, context));
        const wanted = Array.isArray(given) && fn.name === 'bulk' ? given.length : 1;
        if (done) expect(handled).toHaveLength(wanted);
        else if (fn.name !== 'bulk') expect(handled).toEqual([]);
        succeeded += Number(done);
      }),
      RUNS,
    );
    // The mutations are not so wild that nothing is handled.
    expect(succeeded).toBeGreaterThan(1_000);
  });
});
