import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { agreesWithModel } from '../../../../test/idempotency/histories.ts';
import { workerd } from '../../../../test/servers/workerd.ts';
import { conformance } from '../conformance/index.js';
import type { IdempotencyStore } from '../store.js';
import { durableObjectStore, type IdempotencyNamespace, IdempotencyObject } from './index.js';

// Two requests per operation: into workerd, and to the object.
const RUNS = Number(process.env.TRADEWIND_MODEL_RUNS ?? 100);
const CASES = conformance({ store: () => ({}) as IdempotencyStore }).map(({ name }) => name);
const claim = { owner: 'a', fingerprint: 'f', lease: 60_000, retain: 60_000 };
let server: Awaited<ReturnType<typeof workerd>>;
let namespace: IdempotencyNamespace;
let url: URL;

beforeAll(async () => {
  server = await workerd('test/idempotency/object-worker.ts', { IDEMPOTENCY: 'IdempotencyObject' });
  url = server.url;
  namespace = {
    idFromName: (name) => new URL(`/objects/${encodeURIComponent(name)}`, url),
    get: (id) => ({
      fetch: (_url, init) => fetch(id as URL, { ...init, headers: { 'content-type': 'application/octet-stream' } }),
    }),
  };
}, 60_000);
afterAll(() => server?.[Symbol.asyncDispose]());

describe('inside workerd, without Node’s modules', () => {
  test.each(CASES.map((name, index) => [name, index] as const))('%s', async (_name, index) => {
    expect(await (await fetch(new URL(`/cases/${index}`, url))).json()).toBe('passed');
  });

  test('a duplicate is replayed, and the handler runs once', async () => {
    const place = async (): Promise<[unknown, string | null]> => {
      const headers = { 'idempotency-key': 'k-1' };
      const response = await fetch(new URL('/place', url), { method: 'POST', headers });
      return [await response.json(), response.headers.get('idempotency-replayed')];
    };
    const answer = { run: 1, attempt: 1, claim: 'first' };
    expect([await place(), await place()]).toEqual([
      [answer, null],
      [answer, 'true'],
    ]);
  });
});

test(`${RUNS} random histories match the model`, { timeout: 600_000 }, () =>
  agreesWithModel(durableObjectStore(namespace), RUNS),
);

test('an object deletes itself when its retention is over', async () => {
  const { storage, alarms } = fakeStorage();
  const object = new IdempotencyObject({ storage });
  const ask = async (body: object): Promise<unknown> =>
    (await object.fetch(new Request('https://x/', { method: 'POST', body: JSON.stringify(body) }))).json();
  vi.useFakeTimers({ now: 1_000 });
  try {
    await ask({ op: 'claim', ...claim, lease: 10, retain: 20 });
    expect(alarms).toEqual([1_030]);
    vi.setSystemTime(1_005);
    await ask({ op: 'extend', owner: 'a', lease: 10 });
    vi.setSystemTime(1_030);
    await object.alarm();
    // The lease has been renewed by then.
    expect(alarms).toEqual([1_030, 1_035, 1_035]);
    vi.setSystemTime(1_035);
    await object.alarm();
    expect(await storage.get('record')).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});

test('a missing or a wrong object gives an error', async () => {
  const answering = (response: () => Response): IdempotencyNamespace => ({
    idFromName: (name) => name,
    get: () => ({ fetch: async () => response() }),
  });
  const other = durableObjectStore(answering(() => new Response('not found', { status: 404 })));
  await expect(other.claim('k', claim)).rejects.toMatchObject({
    code: 'unavailable',
    message: 'The Durable Object answered 404. Export IdempotencyObject from the Worker, and bind it.',
  });
  await expect(durableObjectStore(answering(() => new Response('x'))).claim('k', claim)).rejects.toThrow();
  for (const odd of [undefined, null, {}, 'IDEMPOTENCY']) {
    expect(() => durableObjectStore(odd as never)).toThrow(
      'durableObjectStore(...): the binding of the Durable Object is missing or is of another kind; got',
    );
  }
});

function fakeStorage() {
  const records = new Map<string, unknown>();
  const alarms: number[] = [];
  return {
    alarms,
    storage: {
      get: async <T>(key: string) => records.get(key) as T | undefined,
      put: async (key: string, value: unknown) => void records.set(key, value),
      setAlarm: async (time: number) => void alarms.push(time),
      deleteAll: async () => records.clear(),
    },
  };
}
