import { type FunctionsFramework, gcf } from '@tradewind/adapters/gcf';
import type { AnyFunction } from '@tradewind/core';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { publishedStructured } from '../golden/google.ts';
import { everything, handled, nightly, other, RUNS, shipped, succeeds, work } from './functions.ts';
import { mutate, mutations } from './mutate.ts';
import { exchange, requests } from './requests.ts';

interface Registered {
  readonly answer: Parameters<FunctionsFramework['http']>[1];
  readonly run: Parameters<FunctionsFramework['cloudEvent']>[1];
}
function registered(...functions: AnyFunction[]): Partial<Registered> {
  const all: { answer?: Registered['answer']; run?: Registered['run'] } = {};
  const framework: FunctionsFramework = {
    http: (_name, handler) => void (all.answer ??= handler),
    cloudEvent: (_name, handler) => void (all.run = handler),
  };
  gcf(framework, ...(functions as []));
  return all;
}

afterEach(() => {
  expect('polluted' in {}).toBe(false);
});

test.each([
  ['one function', [everything]],
  ['several', [everything, other]],
])('10,000 requests to %s are answered, none with a 500', async (_name, functions) => {
  const { answer } = registered(...functions) as Registered;
  await fc.assert(
    fc.asyncProperty(requests, fc.boolean(), async (request, isRead) => {
      // What has a content type the framework has read.
      const read = isRead ? { rawBody: Buffer.from(request.body) } : {};
      expect(await exchange(answer, request, { executionId: 'e', ...read })).not.toBe(500);
    }),
    RUNS,
  );
});

const ce = { specversion: '1.0', id: 'e-1', source: '/s', type: 't', time: '2026-01-01T00:00:00Z', data: { id: '1' } };

describe('10,000 mutations are handled, or fail the invocation', () => {
  test.each<[string, AnyFunction, unknown]>([
    ['a message of Pub/Sub', work, publishedStructured.body],
    ['a job of Cloud Scheduler', nightly, publishedStructured.body],
    ['a CloudEvent', shipped, ce],
    ['a CloudEvent of bytes', shipped, { ...ce, data: undefined, data_base64: 'eyJpZCI6IjEifQ==' }],
  ])('%s', async (_name, fn, golden) => {
    const { run } = registered(fn) as Registered;
    await fc.assert(
      fc.asyncProperty(mutations, async (all) => {
        const came = mutate(golden, all);
        const done = await succeeds(() => run(came));
        expect(handled).toHaveLength(Number(done));
      }),
      RUNS,
    );
  });
});
