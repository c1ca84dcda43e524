import { defineFunction, empty, FunctionError, http, json, problem, reply, text } from '@tradewind/core';
import { fakeHttp, invoke, virtualClock } from '@tradewind/core/testing';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import {
  type HttpIdempotencyOptions,
  type IdempotencyStore,
  idempotency,
  idempotencyKeyHeader,
  memoryStore,
} from './index.js';

const post = http({ method: 'POST', path: '/orders', body: z.unknown() });
const keyed = (key: string, body: unknown = { qty: 1 }) =>
  fakeHttp({ headers: { 'idempotency-key': `"${key}"` }, body });

type Options = Partial<HttpIdempotencyOptions>;

/** A function that counts its calls, with one key per name. */
function counting(handler: (run: number) => unknown, options: Options = {}) {
  const runs = vi.fn(handler);
  const fn = defineFunction('place', post)
    .use(idempotency({ store: memoryStore(), key: idempotencyKeyHeader(), scope: 'global', ...options }))
    .handle((_event, context) => runs(context.idempotency.attempt));
  return { fn, runs };
}

test('a duplicate gets the first response, byte for byte, and the handler runs once', async () => {
  const { fn, runs } = counting(() =>
    json(201, { id: 'o-1', nested: [1, { a: null }] }, { headers: { location: '/orders/1' }, cookies: ['a=1', 'b=2'] }),
  );
  const first = await invoke(fn, keyed('k'));
  const second = await invoke(fn, keyed('k'));
  expect(second).toEqual({ ...first, headers: { ...first.headers, 'idempotency-replayed': 'true' } });
  expect(JSON.stringify(second.body)).toBe(JSON.stringify(first.body));
  expect(runs).toHaveBeenCalledTimes(1);
});

test.each([
  ['a text', () => text(200, 'é \u2028 "x"')],
  ['bytes', () => new Uint8Array([0, 1, 254, 255])],
  ['nothing', () => undefined],
  ['an empty list', () => []],
  ['a name such as __proto__', () => JSON.parse('{"__proto__":{"a":1},"b":2}') as unknown],
  ['a value with toJSON', () => ({ at: new Date(0) })],
])('%s is replayed', async (_name, handler) => {
  const { fn, runs } = counting(handler);
  const [first, second] = [await invoke(fn, keyed('k')), await invoke(fn, keyed('k'))];
  expect(second.status).toBe(first.status);
  expect(second.body instanceof Uint8Array ? [...second.body] : JSON.stringify(second.body)).toEqual(
    first.body instanceof Uint8Array ? [...first.body] : JSON.stringify(first.body),
  );
  expect(second.headers['idempotency-replayed']).toBe('true');
  expect(runs).toHaveBeenCalledTimes(1);
});

test('a web Response is stored whole', async () => {
  const { fn, runs } = counting(
    () => new Response('{"paid":true}', { status: 201, headers: { 'x-a': '1', 'set-cookie': 'a=1' } }),
  );
  await invoke(fn, keyed('k'));
  const replay = await invoke(fn, keyed('k'));
  expect(replay).toMatchObject({ status: 201, headers: { 'x-a': '1' }, cookies: ['a=1'] });
  expect(new TextDecoder().decode(replay.body as never)).toBe('{"paid":true}');
  expect(runs).toHaveBeenCalledTimes(1);
});

describe('the key is free for the next try after', () => {
  test.each([500, 502, 503, 504, 408, 429])('a response with %i', async (status) => {
    const { fn, runs } = counting((run) => (run === 1 ? problem(status) : json(200, run)));
    expect((await invoke(fn, keyed('k'))).status).toBe(status);
    expect(await invoke(fn, keyed('k'))).toMatchObject({ status: 200, body: 2 });
    expect(runs).toHaveBeenCalledTimes(2);
  });

  test.each([
    ['an error', new Error('x')],
    ['an internal one', new FunctionError('internal')],
    ['one that may pass', new FunctionError('conflict', 'Locked.', { retryable: true })],
    ['too many requests', new FunctionError('too_many_requests')],
    ['nothing', undefined],
  ])('throwing %s', async (_name, error) => {
    const { fn } = counting((run) => {
      if (run === 1) throw error;
      return json(200, run);
    });
    expect((await invoke(fn, keyed('k'))).status).toBeGreaterThanOrEqual(409);
    expect(await invoke(fn, keyed('k'))).toMatchObject({ status: 200, body: 2 });
  });
});

describe('an outcome is', () => {
  test.each([200, 204, 301, 400, 404, 409, 422])('a response with %i', async (status) => {
    const { fn, runs } = counting(() => empty(status));
    await invoke(fn, keyed('k'));
    expect((await invoke(fn, keyed('k'))).status).toBe(status);
    expect(runs).toHaveBeenCalledTimes(1);
  });

  test('an error that every try would meet: it is thrown again, with the same response', async () => {
    const { fn, runs } = counting(() => {
      throw new FunctionError('not_found', 'There is no order 7.');
    });
    const first = await invoke(fn, keyed('k'));
    expect(first).toMatchObject({ status: 404, body: { detail: 'There is no order 7.' } });
    expect(await invoke(fn, keyed('k'))).toEqual(first);
    expect(runs).toHaveBeenCalledTimes(1);
  });
});

describe('a key', () => {
  test('that was used for another request gets a 422', async () => {
    const { fn, runs } = counting(() => json(200, 1));
    await invoke(fn, keyed('k', { qty: 1 }));
    expect(await invoke(fn, keyed('k', { qty: 2 }))).toMatchObject({
      status: 422,
      body: { detail: 'This Idempotency-Key was used for another request before.' },
    });
    expect(await invoke(fn, { ...keyed('k', { qty: 1 }) })).toMatchObject({ status: 200 });
    expect(runs).toHaveBeenCalledTimes(1);
  });

  test('is computed before the handler modifies the event', async () => {
    const store = memoryStore();
    const runs = vi.fn();
    const fn = defineFunction('f', http({ method: 'POST', path: '/', body: z.object({ id: z.string() }) }))
      .use(idempotency({ store, key: ({ body }) => body.id, scope: 'global', fingerprint: ({ body }) => body }))
      .handle(({ body }) => {
        runs();
        (body as { id: string }).id = 'changed';
        return json(200, 1);
      });
    const request = () => fakeHttp({ body: { id: 'a' } });
    await invoke(fn, request());
    expect((await invoke(fn, request())).headers['idempotency-replayed']).toBe('true');
    expect(runs).toHaveBeenCalledTimes(1);
  });

  test('is compared with the request as it arrived: a schema that adds random values changes nothing', async () => {
    const Body = z.object({ qty: z.number(), id: z.string().default(() => crypto.randomUUID()) });
    const fn = defineFunction('f', http({ method: 'POST', path: '/', body: Body }))
      .use(idempotency({ store: memoryStore(), key: idempotencyKeyHeader(), scope: 'global' }))
      .handle(({ body }) => json(200, body.id));
    const request = () => fakeHttp({ headers: { 'idempotency-key': '"k"' }, body: { qty: 1 } });
    const [first, second] = [await invoke(fn, request()), await invoke(fn, request())];
    expect(second.body).toBe(first.body);
  });

  test('of one user differs from that of another', async () => {
    const store = memoryStore();
    const fn = defineFunction('f', post)
      .use(async ({ headers }, _context, next) => next({ user: String(headers.get('x-user')) }))
      .use(idempotency({ store, key: idempotencyKeyHeader(), scope: (_event, { user }) => user }))
      .handle((_event, { user }) => json(200, `Secret of ${user}`));
    const as = (user: string) => fakeHttp({ headers: { 'idempotency-key': '"k"', 'x-user': user }, body: 1 });
    expect((await invoke(fn, as('ada'))).body).toContain('ada');
    expect((await invoke(fn, as('bob'))).body).toContain('bob');
  });

  test('of one function differs from that of another', async () => {
    const store = memoryStore();
    const named = (name: string) =>
      defineFunction(name, post)
        .use(idempotency({ store, key: idempotencyKeyHeader(), scope: 'global' }))
        .handle(() => text(200, name));
    expect((await invoke(named('a'), keyed('k'))).body).toBe('a');
    expect((await invoke(named('b'), keyed('k'))).body).toBe('b');
  });

  test('that is not required may be missing: the handler runs each time, with a unique key', async () => {
    const { fn } = counting(() => json(200, 1), { key: idempotencyKeyHeader({ required: false }) });
    const keys = new Set<string>();
    const other = defineFunction('place', post)
      .use(idempotency({ store: memoryStore(), key: idempotencyKeyHeader({ required: false }), scope: 'global' }))
      .handle((_event, { idempotency: { key, claim } }) => {
        keys.add(key);
        return json(200, claim);
      });
    expect((await invoke(fn, fakeHttp({ body: 1 }))).status).toBe(200);
    expect((await invoke(other, fakeHttp({ body: 1 }))).body).toBe('"none"');
    await invoke(other, fakeHttp({ body: 1 }));
    expect(keys.size).toBe(2);
  });

  test.each([
    ['nothing', undefined, 200],
    ['an empty text', '', 500],
    ['a number', 7, 500],
    ['an object', {}, 500],
  ])('that is %s', async (_name, key, status) => {
    const { fn } = counting(() => json(200, 1), { key: () => key as never });
    expect((await invoke(fn, fakeHttp({ body: 1 }))).status).toBe(status);
  });

  test('whose scope is empty is refused: everybody would share it', async () => {
    const { fn, runs } = counting(() => json(200, 1), { scope: () => '' });
    expect((await invoke(fn, keyed('k'))).status).toBe(500);
    expect(runs).not.toHaveBeenCalled();
  });
});

describe('while the handler runs', () => {
  test('in another process, a duplicate gets a 409 that says when to try again', async () => {
    const store = memoryStore();
    let finish = (): void => {};
    const slow = counting(() => new Promise((resolve) => (finish = () => resolve(json(200, 1)))), { store });
    const twin = counting(() => json(200, 2), { store });
    const first = invoke(slow.fn, keyed('k'));
    await vi.waitFor(() => expect(slow.runs).toHaveBeenCalled());
    expect(await invoke(twin.fn, keyed('k'))).toMatchObject({
      status: 409,
      headers: { 'retry-after': '5' },
      body: { detail: 'The request with this Idempotency-Key is still being processed.' },
    });
    expect(await invoke(twin.fn, keyed('k', { other: 1 }))).toMatchObject({ status: 422 });
    finish();
    expect((await first).status).toBe(200);
    expect(twin.runs).not.toHaveBeenCalled();
  });

  test('in another process, a duplicate that may wait gets the response', async () => {
    const store = memoryStore();
    let finish = (): void => {};
    const slow = counting(() => new Promise((resolve) => (finish = () => resolve(json(200, 1)))), { store });
    const twin = counting(() => json(200, 2), { store, wait: 60_000 });
    const first = invoke(slow.fn, keyed('k'));
    await vi.waitFor(() => expect(slow.runs).toHaveBeenCalled());
    const second = invoke(twin.fn, keyed('k'));
    finish();
    expect(await second).toMatchObject({ body: 1, headers: { 'idempotency-replayed': 'true' } });
    await first;
    expect(twin.runs).not.toHaveBeenCalled();
  });

  test('a duplicate waits no longer than `wait` and its own deadline', async () => {
    for (const [wait, deadline] of [
      [1_000, 100_000],
      [100_000, 1_100],
    ] as const) {
      const clock = virtualClock(0);
      const store = memoryStore({ clock });
      await store.claim(await keyOf('place', 'global', 'k'), {
        owner: 'dead',
        fingerprint: '',
        lease: 600_000,
        retain: 1,
      });
      const { fn } = counting(() => json(200, 2), { store, wait, fingerprint: false });
      const answer = invoke(fn, keyed('k'), { clock, deadline });
      await clock.advance(1_000);
      expect((await answer).status).toBe(409);
    }
  });

  test('a waiting duplicate takes over when the owner dies', async () => {
    const clock = virtualClock(0);
    const store = memoryStore({ clock });
    await store.claim(await keyOf('place', 'global', 'k'), {
      owner: 'dead',
      fingerprint: '',
      lease: 5_000,
      retain: 1_000_000,
    });
    const { fn } = counting((attempt) => json(200, attempt), { store, wait: 60_000, fingerprint: false });
    const answer = invoke(fn, keyed('k'), { clock, deadline: 100_000 });
    await clock.advance(6_000);
    expect(await answer).toMatchObject({ status: 200, body: 2 });
  });

  test('in the same process, a duplicate waits for it and does not ask the store', async () => {
    const { store, asked } = watched();
    let finish = (): void => {};
    const { fn, runs } = counting(() => new Promise((resolve) => (finish = () => resolve(json(200, 1)))), { store });
    const first = invoke(fn, keyed('k'));
    await vi.waitFor(() => expect(runs).toHaveBeenCalled());
    const others = [invoke(fn, keyed('k')), invoke(fn, keyed('k'))];
    const reused = invoke(fn, keyed('k', { other: 1 }));
    expect((await reused).status).toBe(422);
    finish();
    await first;
    for (const answer of await Promise.all(others)) {
      expect(answer).toMatchObject({ body: 1, headers: { 'idempotency-replayed': 'true' } });
    }
    expect(asked).toEqual(['claim', 'complete']);
  });

  test('in the same process, a duplicate of a failed try is the next try', async () => {
    const { fn, runs } = counting(async (attempt) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return attempt === 1 ? problem(503) : json(200, attempt);
    });
    const answers = await Promise.all([1, 2, 3].map(() => invoke(fn, keyed('k'))));
    expect(answers.map(({ status }) => status)).toEqual([503, 200, 200]);
    expect(runs).toHaveBeenCalledTimes(2);
  });
});

/** The digest of a key. */
async function keyOf(...parts: string[]): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(parts)));
  return Buffer.from(bytes).toString('base64url');
}

/** A store that records its operations. */
function watched(inner: IdempotencyStore = memoryStore()): { store: IdempotencyStore; asked: string[] } {
  const asked: string[] = [];
  const store = new Proxy(inner, {
    get(target, name: keyof IdempotencyStore) {
      const member = target[name];
      if (typeof member !== 'function') return member;
      return (...args: never[]) => {
        asked.push(name);
        return Reflect.apply(member, target, args) as unknown;
      };
    },
  });
  return { store, asked };
}

test('a first call makes two operations, a duplicate one', async () => {
  const { store, asked } = watched();
  const { fn } = counting(() => json(200, 1), { store });
  await invoke(fn, keyed('k'));
  expect(asked.splice(0)).toEqual(['claim', 'complete']);
  await invoke(fn, keyed('k'));
  expect(asked).toEqual(['claim']);
});

describe('a takeover', () => {
  const abandoned = async () => {
    const store = memoryStore();
    await store.claim(await keyOf('place', 'global', 'k'), {
      owner: 'dead',
      fingerprint: '',
      lease: 0,
      retain: 60_000,
    });
    return { store, fingerprint: false } as const;
  };

  test('runs the handler again, with `claim: takeover`', async () => {
    const store = await abandoned();
    const fn = defineFunction('place', post)
      .use(idempotency({ ...store, key: idempotencyKeyHeader(), scope: 'global' }))
      .handle((_event, { idempotency: { claim, attempt } }) => json(200, { claim, attempt }));
    expect((await invoke(fn, keyed('k'))).body).toEqual({ claim: 'takeover', attempt: 2 });
  });

  test('is refused with `refuse`, for every duplicate', async () => {
    const { fn, runs } = counting(() => json(200, 1), { ...(await abandoned()), onTakeover: 'refuse' });
    for (let times = 0; times < 2; times++) {
      expect(await invoke(fn, keyed('k'))).toMatchObject({
        status: 409,
        body: { detail: 'An earlier try with this Idempotency-Key was interrupted, and it is unknown how far it got.' },
      });
    }
    expect(runs).not.toHaveBeenCalled();
  });

  test('can find out how far the owner got', async () => {
    const found = vi.fn(() => reply({ found: true }));
    const { fn, runs } = counting(() => json(200, 1), { ...(await abandoned()), onTakeover: found });
    expect(await invoke(fn, keyed('k'))).toMatchObject({ status: 200, body: { found: true } });
    expect(await invoke(fn, keyed('k'))).toMatchObject({
      body: { found: true },
      headers: { 'idempotency-replayed': 'true' },
    });
    expect(found).toHaveBeenCalledTimes(1);
    expect(runs).not.toHaveBeenCalled();
  });

  test('whose function returns undefined runs the handler', async () => {
    const { fn, runs } = counting(() => json(200, 1), { ...(await abandoned()), onTakeover: () => undefined });
    expect((await invoke(fn, keyed('k'))).body).toBe(1);
    expect(runs).toHaveBeenCalledTimes(1);
  });

  test('whose function fails frees the key, and the next try calls it again: what was done is still unknown', async () => {
    const onTakeover = vi
      .fn()
      .mockRejectedValueOnce(new Error('The payment service is down.'))
      .mockResolvedValueOnce(reply(json(201, 1)));
    const { fn, runs } = counting(() => json(200, 1), { ...(await abandoned()), onTakeover });
    expect((await invoke(fn, keyed('k'))).status).toBe(500);
    expect(await invoke(fn, keyed('k'))).toMatchObject({ status: 201, body: 1 });
    expect(onTakeover).toHaveBeenCalledTimes(2);
    expect(runs).not.toHaveBeenCalled();
  });

  test('whose function returns a value without reply(...) fails, and runs nothing', async () => {
    const onTakeover = (() => json(200, 'found')) as never;
    const { fn, runs } = counting(() => json(200, 1), { ...(await abandoned()), onTakeover });
    expect((await invoke(fn, keyed('k'))).status).toBe(500);
    expect(runs).not.toHaveBeenCalled();
  });
});
