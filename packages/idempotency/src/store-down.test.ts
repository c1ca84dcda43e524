import { bytes, defineFunction, http, json, observe, queue } from '@tradewind/core';
import { deliver, fakeHttp, fakeMessage, invoke, virtualClock } from '@tradewind/core/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type IdempotencyNews,
  type IdempotencyStore,
  idempotency,
  idempotencyKeyHeader,
  memoryStore,
} from './index.js';

const post = http({ method: 'POST', path: '/orders' });
const request = () => fakeHttp({ headers: { 'idempotency-key': '"k"' }, body: 1 });
const news: IdempotencyNews[] = [];
const stop = observe((event) => {
  if (event.type === 'idempotency.key') news.push(event.news);
});
afterEach(() => {
  news.length = 0;
});

function counting(
  store: IdempotencyStore,
  handler: () => unknown = () => json(200, 1),
  failOpen = false,
  lease?: number,
) {
  const runs = vi.fn(handler);
  const fn = defineFunction('place', post)
    .use(idempotency({ store, key: idempotencyKeyHeader(), scope: 'global', failOpen, ...(lease && { lease }) }))
    .handle(() => runs());
  return { fn, runs };
}

describe.each([
  [
    'throws',
    () => {
      throw new Error('ECONNREFUSED');
    },
  ],
  ['rejects', () => Promise.reject(new Error('ECONNREFUSED'))],
  ['answers nothing', () => undefined],
  ['answers a text', () => 'OK'],
  ['answers another state', () => ({ state: 'yes' })],
  ['grants without a fence', () => ({ state: 'granted' })],
  ['completes without a value', () => ({ state: 'completed' })],
])('a store that %s', (_name, claim) => {
  const down = () => ({ ...memoryStore(), claim: claim as never });

  test('gives a 503, and the handler does not run', async () => {
    const { fn, runs } = counting(down());
    expect((await invoke(fn, request())).status).toBe(503);
    expect(runs).not.toHaveBeenCalled();
  });

  test('makes a message be redelivered', async () => {
    const fn = defineFunction('f', queue({ queue: 'q' }))
      .use(idempotency({ store: down() }))
      .handle(() => 1);
    expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome: 'retry', done: false });
  });

  test('lets the handler run with `failOpen`, and logs it', async () => {
    const { fn, runs } = counting(down(), undefined, true);
    expect((await invoke(fn, request())).status).toBe(200);
    expect(runs).toHaveBeenCalledTimes(1);
    expect(news).toEqual(['failed_open']);
  });
});

test('a store that never answers is down after five seconds, and a late grant is released', async () => {
  const clock = virtualClock(0);
  const inner = memoryStore({ clock });
  let answer = (): void => {};
  const store: IdempotencyStore = {
    ...inner,
    claim: (key, claim) => new Promise((resolve) => (answer = () => resolve(inner.claim(key, claim)))),
  };
  const { fn, runs } = counting(store);
  const ended = invoke(fn, request(), { clock });
  await clock.advance(5_000);
  expect((await ended).status).toBe(503);
  answer();
  await clock.advance(1);
  expect((await invoke(counting(inner).fn, request(), { clock })).status).toBe(200);
  expect(runs).not.toHaveBeenCalled();
});

describe('a store that is down when the handler is done', () => {
  test('is asked until it answers', async () => {
    const clock = virtualClock(0);
    const inner = memoryStore({ clock });
    let times = 0;
    const store: IdempotencyStore = {
      ...inner,
      complete: (...args) => (++times < 4 ? Promise.reject(new Error('down')) : inner.complete(...args)),
    };
    const { fn, runs } = counting(store);
    const ended = invoke(fn, request(), { clock, deadline: 10_000 });
    await clock.advance(5_000);
    expect((await ended).status).toBe(200);
    expect((await invoke(fn, request(), { clock })).headers['idempotency-replayed']).toBe('true');
    expect(runs).toHaveBeenCalledTimes(1);
  });

  test('until the deadline: the response is sent, a warning is logged, and the key is never released', async () => {
    const clock = virtualClock(0);
    const inner = memoryStore({ clock });
    const release = vi.fn(inner.release);
    const store: IdempotencyStore = { ...inner, release, complete: () => Promise.reject(new Error('down')) };
    const { fn } = counting(store);
    const ended = invoke(fn, request(), { clock, deadline: 3_000 });
    await clock.advance(3_000);
    expect((await ended).status).toBe(200);
    expect(news).toEqual(['first', 'unstored']);
    expect(release).not.toHaveBeenCalled();
    expect((await invoke(counting(inner).fn, request(), { clock })).status).toBe(409);
  });

  test.each(['garbage', undefined, 1])('and answers %s gave no answer', async (garbage) => {
    const clock = virtualClock(0);
    const { fn } = counting({ ...memoryStore({ clock }), complete: () => garbage as never });
    const ended = invoke(fn, request(), { clock, deadline: 1_000 });
    await clock.advance(1_000);
    expect((await ended).status).toBe(200);
    expect(news).toContain('unstored');
  });
});

test("a release that fails does not hide the handler's error", async () => {
  const errors: unknown[] = [];
  const stopped = observe((event) => {
    if (event.type === 'http.failed') errors.push(event.error);
  });
  const business = new Error('Business.');
  const { fn } = counting({ ...memoryStore(), release: () => Promise.reject(new Error('down')) }, () => {
    throw business;
  });
  expect((await invoke(fn, request())).status).toBe(500);
  expect(errors).toEqual([business]);
  stopped();
});

describe('I3: an owner that was taken over', () => {
  test('changes nothing, and gets a 409', async () => {
    const clock = virtualClock(0);
    const store = memoryStore({ clock });
    let finish = (): void => {};
    const zombie = counting(store, () => new Promise((resolve) => (finish = () => resolve(json(200, 'zombie')))));
    const late = invoke(zombie.fn, request(), { clock, deadline: 1_000 });
    await clock.advance(2_001);
    const { fn } = counting(store, () => json(200, 'new'));
    expect((await invoke(fn, request(), { clock })).body).toBe('"new"');
    finish();
    expect((await late).status).toBe(409);
    expect(news).toEqual(['first', 'takeover', 'lost']);
    expect((await invoke(fn, request(), { clock })).body).toBe('"new"');
  });

  test('gets an aborted signal, if its lease is renewed', async () => {
    const clock = virtualClock(0);
    const inner = memoryStore({ clock });
    let isLost = false;
    const store: IdempotencyStore = { ...inner, extend: (...args) => !isLost && inner.extend(...args) };
    let aborted: unknown;
    const fn = defineFunction('place', post)
      .use(idempotency({ store, key: idempotencyKeyHeader(), scope: 'global' }))
      .handle(async (_event, { signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        aborted = signal.reason;
      });
    const ended = invoke(fn, request(), { clock });
    await clock.advance(100_000);
    expect((await store.claim('x', { owner: 'a', fingerprint: '', lease: 1, retain: 1 })).state).toBe('granted');
    isLost = true;
    await clock.advance(10_000);
    await ended;
    expect(String(aborted)).toContain('Another try has taken over while this one ran.');
  });
});

test('the lease is the time left plus `grace`, and fixed without a deadline', async () => {
  const leases: number[] = [];
  const clock = virtualClock(0);
  const inner = memoryStore({ clock });
  const store: IdempotencyStore = {
    ...inner,
    claim: (key, claim) => {
      leases.push(claim.lease);
      return inner.claim(key, claim);
    },
  };
  const key = () => crypto.randomUUID();
  for (const options of [{}, { grace: 250 }, { lease: 7_000 }]) {
    const fn = defineFunction('f', post)
      .use(idempotency({ store, key, scope: 'global', ...options }))
      .handle(() => 1);
    await invoke(fn, request(), { clock, deadline: 10_000 });
    await invoke(fn, request(), { clock });
  }
  expect(leases).toEqual([11_000, 30_000, 10_250, 30_000, 7_000, 7_000]);
});

test('a short stream is stored; a long or endless one is passed on as it is', async () => {
  const streamed = (size: number, type = 'application/octet-stream') => {
    let left = size;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left <= 0) return controller.close();
        controller.enqueue(new Uint8Array(Math.min(left, 65_536)));
        left -= 65_536;
      },
    });
    return bytes(200, body, { headers: { 'content-type': type } });
  };
  const sizeOf = async (body: unknown) => (await new Response(body as BodyInit).arrayBuffer()).byteLength;
  const short = counting(memoryStore(), () => streamed(100_000));
  expect(await sizeOf((await invoke(short.fn, request())).body)).toBe(100_000);
  expect(await sizeOf((await invoke(short.fn, request())).body)).toBe(100_000);
  for (const [size, type] of [
    [10_000_000, undefined],
    [10, 'text/event-stream'],
  ] as const) {
    const long = counting(memoryStore(), () => streamed(size, type));
    expect(await sizeOf((await invoke(long.fn, request())).body)).toBe(size);
    expect(await invoke(long.fn, request())).toMatchObject({
      status: 409,
      body: {
        detail:
          'The request with this Idempotency-Key was processed, but its response was not stored: it is too large or a stream.',
      },
    });
    expect(long.runs).toHaveBeenCalledTimes(1);
  }
  expect(news.filter((one) => one === 'unkept')).toHaveLength(2);
});

test('invalid options are refused at definition', () => {
  expect(() => idempotency({} as never)).toThrow('The idempotency `store` must be a store such as redisStore(...)');
  expect(() => idempotency({ store: memoryStore(), leese: 1 } as never)).toThrow(
    "idempotency(...): unknown option 'leese'",
  );
  expect(() => idempotency({ store: memoryStore(), key: 'id' } as never)).toThrow(
    'idempotency(...): `key` must be a function',
  );
  const wrong = (options: object) => () => idempotency({ store: memoryStore(), ...options } as never);
  expect(wrong({ onTakeover: 'Refuse' })).toThrow(
    "idempotency(...): `onTakeover`, if not 'rerun' or 'refuse', must be a function",
  );
  expect(wrong({ onTakeover: true })).toThrow(
    "idempotency(...): `onTakeover`, if not 'rerun' or 'refuse', must be a function",
  );
  expect(wrong({ failOpen: 'false' })).toThrow('idempotency(...): `failOpen` must be true or false; got string.');
  expect(wrong({ scope: 'Global' })).toThrow("idempotency(...): `scope`, if not 'global', must be a function");
  expect(wrong({ fingerprint: true })).toThrow('idempotency(...): `fingerprint`, if not false, must be a function');
  expect(wrong({ wait: '1h' })).toThrow('wait');
  expect(wrong({ grace: 0 })).not.toThrow();
  expect(() => idempotency({ store: memoryStore(), lease: Number.NaN } as never)).toThrow('lease');
  stop();
});

/** A call of an operation that is never answered. */
const never = () => new Promise<never>(() => {});

describe('a store that stops answering', () => {
  const clock = virtualClock(1_000_000);
  const limited = http({ method: 'POST', path: '/orders', timeout: 4_000 });
  const invoked = (store: IdempotencyStore, handler: () => unknown, failOpen = false) => {
    const fn = defineFunction('place', limited)
      .use(idempotency({ store, key: idempotencyKeyHeader(), scope: 'global', failOpen }))
      .handle(async () => handler());
    return invoke(fn, request(), { clock });
  };
  const soon = async <T>(work: Promise<T>): Promise<T> => {
    await clock.advance(10_000);
    return work;
  };

  test('when the outcome is stored: the response is sent in time', async () => {
    const store = { ...memoryStore({ clock }), complete: never };
    expect(await soon(invoked(store, () => json(200, 1)))).toMatchObject({ status: 200, body: 1 });
  });

  test('when the key is released after an error: that error is reported', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const store = { ...memoryStore({ clock }), release: never };
    const failing = invoked(store, () => {
      throw new Error('The real one.');
    });
    expect((await soon(failing)).status).toBe(500);
    expect(String(log.mock.calls)).toContain('The real one.');
    log.mockRestore();
  });

  test('when it is asked, with `failOpen`: the handler runs while somebody still waits', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const start = clock.now();
    let at = 0;
    const store = { ...memoryStore({ clock }), claim: never };
    const answer = invoked(
      store,
      () => {
        at = clock.now() - start;
        return json(200, 1);
      },
      true,
    );
    expect(await soon(answer)).toMatchObject({ status: 200, body: 1 });
    expect(at).toBeLessThanOrEqual(1_000);
    expect(String(warn.mock.calls)).toContain('The handler runs without it.');
    warn.mockRestore();
  });

  test('when the lease is renewed: its owner learns that it is lost', async () => {
    const store = { ...memoryStore({ clock }), extend: never };
    let lostAt = 0;
    const start = clock.now();
    const fn = defineFunction('place', post)
      .use(idempotency({ store, key: idempotencyKeyHeader(), scope: 'global', lease: 300 }))
      .handle(
        (_event, { signal }) =>
          new Promise((resolve) =>
            signal.addEventListener('abort', () => {
              lostAt = clock.now() - start;
              resolve(json(200, 1));
            }),
          ),
      );
    await soon(invoke(fn, request(), { clock }));
    expect(lostAt).toBe(300);
  });
});

test.each([
  ['a function', () => json(200, () => 1)],
  ['a symbol', () => json(200, Symbol('x'))],
])('a response that is %s cannot be sent, and duplicates do not get another one', async (_name, handler) => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { fn, runs } = counting(memoryStore(), handler);
  expect((await invoke(fn, request())).status).toBe(500);
  expect((await invoke(fn, request())).status).toBe(409);
  expect(runs).toHaveBeenCalledTimes(1);
  log.mockRestore();
});

test('a key header of megabytes is refused like any invalid one', async () => {
  const { fn } = counting(memoryStore());
  const header = (value: string) => fakeHttp({ headers: { 'idempotency-key': value }, body: 1 });
  expect((await invoke(fn, header(`"${'a'.repeat(10_000_000)}"`))).status).toBe(400);
  expect((await invoke(fn, header(`"${'\\\\'.repeat(255)}"`))).status).toBe(200);
});

test('an outcome that messages never store makes the message be redelivered, not rejected', async () => {
  const store = { ...memoryStore(), claim: () => ({ state: 'failed', value: 'zz' }) as const };
  const fn = defineFunction('f', queue({ queue: 'q' }))
    .use(idempotency({ store }))
    .handle(() => 1);
  expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome: 'retry', done: false });
});

test('a `store` function that returns no store is refused', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  for (const [store, came] of [
    [() => undefined, 'undefined'],
    [async () => memoryStore(), 'a promise'],
  ] as const) {
    const { fn } = counting(store as never);
    expect((await invoke(fn, request())).status).toBe(500);
    expect(String(log.mock.lastCall)).toContain(`a function of the context that returns one; got ${came}.`);
  }
  log.mockRestore();
});
