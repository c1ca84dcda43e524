import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { DeadLetter } from '../delivery/dead-letter.js';
import { reject, retryLater } from '../delivery/signal.js';
import type { Transport } from '../delivery/transport.js';
import { FunctionError } from '../errors.js';
import { defineFunction } from '../function/define.js';
import { http } from '../http/trigger.js';
import { queue } from '../messages/queue.js';
import { emit, observe } from '../observe.js';
import { deliver, fakeHttp, fakeMessage, invoke, memory } from '../testing/index.js';
import { envProvider } from './env-provider.js';
import { hiding } from './hiding.js';
import { consoleLogger, type Logger } from './logger.js';
import { scrubbed } from './secrets.js';

const SECRET = 'hunter2-"öl" & more';
const LEAF = 'leaf-of-a-json-secret';
const MEMBERS = ['name', 'message', 'stack', 'cause', 'errors', 'code', 'config', 'outcome', 'after'];

/** Everything that can be read of a value, as text. */
const all = (value: unknown, depth = 0): string => {
  if (typeof value !== 'object' || value === null || depth > 30) return String(value);
  const keys = new Set([...MEMBERS, ...Reflect.ownKeys(value)]);
  return [...keys]
    .map((key) => `${String(key)}: ${all((value as Record<PropertyKey, unknown>)[key], depth + 1)}`)
    .join();
};
const expectHidden = (value: unknown): void => {
  const text = all(value);
  for (const secret of [SECRET, encodeURIComponent(SECRET), JSON.stringify(SECRET).slice(1, -1), LEAF]) {
    expect(text).not.toContain(secret);
  }
};

let lines: string[] = [];
beforeEach(async () => {
  lines = [];
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line: string) => void lines.push(line));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

const wiring = {
  env: {
    KEY: envProvider(() => ` ${SECRET}\n`),
    DB: envProvider(() => JSON.stringify({ user: 'me', password: LEAF, hosts: ['h-1'] })),
    PIN: envProvider(() => '1234'),
  },
};
const base = defineFunction.env(z.object({ KEY: z.string().trim(), DB: z.string() }));
/** Fetches the values, like the first invocation. */
const know = () =>
  invoke(
    base('f', queue({ queue: 'q' })).handle(() => {}),
    fakeMessage(1),
    { wiring },
  );

test('nothing is redacted before a value is fetched', () => {
  const error = new Error(SECRET);
  expect(scrubbed(error)).toBe(error);
  expect(error.message).toBe(SECRET);
  consoleLogger().info(SECRET);
  expect(JSON.parse(lines[0] as string).message).toBe(SECRET);
});

describe('a line of the default logger', () => {
  const cyclic: Record<string, unknown> = { deep: { secret: SECRET } };
  cyclic.self = cyclic;
  test.each([
    ['a text', SECRET],
    ['a part of a text', `Bearer ${SECRET}, ${SECRET}`],
    ['a leaf of a JSON secret', LEAF],
    ['a nested field', { a: [{ b: { c: SECRET } }] }],
    ['the name of a field', { [`a ${SECRET}`]: { [SECRET]: 1 } }],
    ['a cyclic field', cyclic],
    ['a toJSON', { toJSON: () => ({ secret: SECRET }) }],
    ['a string object', Object(SECRET)],
    ['a URL', new URL(`https://a.example/?key=${encodeURIComponent(SECRET)}`)],
    ['JSON in a text', JSON.stringify({ secret: SECRET })],
    ['JSON in JSON in a text', JSON.stringify(JSON.stringify({ secret: LEAF }))],
    ['an error', new Error(SECRET, { cause: new Error(SECRET) })],
    ['an aggregate error', new AggregateError([new Error(SECRET)], SECRET)],
  ])('is without a secret in %s', async (_what, value) => {
    await know();
    consoleLogger({ always: SECRET }).error(`It failed: ${SECRET}`, { value });
    expectHidden(JSON.parse(lines[0] as string));
    expectHidden(lines[0]);
    expect(JSON.parse(lines[0] as string)).toMatchObject({ level: 'error', message: 'It failed: [secret]' });
  });

  test('has none if it cannot be serialised', async () => {
    await know();
    const hostile = {
      get secret() {
        throw new Error(SECRET);
      },
    };
    consoleLogger().error(SECRET, hostile);
    expect(JSON.parse(lines[0] as string)).toMatchObject({ message: '[secret]', unserializable: true });
  });

  test('keeps everything else, and secrets that are too short', async () => {
    await know();
    consoleLogger().info('m', { path: 'C:\\a "b"\n', pin: '1234', n: 1.5, me: 'me', no: null, lone: '\ud800', '': [] });
    expect(JSON.parse(lines[0] as string)).toMatchObject({
      path: 'C:\\a "b"\n',
      pin: '1234',
      n: 1.5,
      me: 'me',
      no: null,
      lone: '\ud800',
      '': [],
    });
  });
});

describe('what was thrown', () => {
  const nested = () => new Error('outer', { cause: new TypeError(`a ${SECRET}`, { cause: `why: ${SECRET}` }) });
  const hostileSetter = () =>
    Object.defineProperty(new Error('x'), 'message', { get: () => SECRET, set() {}, configurable: false });
  const cyclic = () => {
    const error = new Error(SECRET) as Error & { cause: unknown };
    error.cause = Object.freeze(new Error(SECRET, { cause: error }));
    return error;
  };
  const endless = () => {
    class Endless extends Error {
      override get cause(): unknown {
        return new Endless(SECRET);
      }
    }
    return new Endless(SECRET);
  };
  class OwnGetter extends Error {
    override get message(): string {
      return SECRET;
    }
  }
  const unreadable = () =>
    new Proxy(new Error(SECRET), {
      get() {
        throw new Error(SECRET);
      },
      getPrototypeOf() {
        throw new Error(SECRET);
      },
    });
  const axios = () => Object.assign(new Error('x'), { config: { headers: { authorization: `Bearer ${SECRET}` } } });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();

  test.each<[string, () => unknown]>([
    ['an error', () => new Error(SECRET)],
    ['causes', nested],
    ['an aggregate error', () => new AggregateError([nested(), SECRET], SECRET)],
    ['a frozen error', () => Object.freeze(new Error(SECRET, { cause: nested() }))],
    ['a frozen cause', () => new Error('x', { cause: Object.freeze(new Error(SECRET)) })],
    ['a cycle of causes, one of them frozen', cyclic],
    ['causes without end', endless],
    ['a getter of its class', () => new OwnGetter()],
    ['a setter that does nothing', hostileSetter],
    ['a DOMException', () => new DOMException(SECRET, 'AbortError')],
    ['fields of an error', axios],
    ['a text', () => SECRET],
    ['a plain object', () => ({ message: SECRET, deep: [{ SECRET }] })],
    ['an error of another realm', () => ({ __proto__: null, message: SECRET, stack: `Error: ${SECRET}` })],
    ['a proxy that throws', unreadable],
    ['a revoked proxy', () => revoked],
    ['nothing', () => undefined],
  ])('is without a secret: %s', async (_what, make) => {
    await know();
    expectHidden(scrubbed(make()));
  });

  test('stays the same object if it can be changed, and unchanged if it has no secret', async () => {
    await know();
    const error = nested();
    expect(scrubbed(error)).toBe(error);
    expect((error.cause as Error).message).toBe('a [secret]');
    const config = { headers: { authorization: 'none' } };
    const clean = Object.freeze(Object.assign(new FunctionError('conflict', 'clean', { cause: { a: 1 } }), { config }));
    expect(scrubbed(clean)).toBe(clean);
    expect(clean.config).toBe(config);
  });

  test('never changes objects that an error refers to', async () => {
    await know();
    const error = axios();
    const { config } = error;
    scrubbed(error);
    expect(config.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(error.config).toEqual({ headers: { authorization: 'Bearer [secret]' } });
  });

  test('keeps its other content in a copy', async () => {
    await know();
    const frozen = Object.freeze(new FunctionError('conflict', SECRET));
    expect(scrubbed(frozen)).toMatchObject({ name: 'FunctionError', code: 'conflict', message: '[secret]' });
    expect(scrubbed(frozen)).toBeInstanceOf(Error);
  });
});

describe('an HTTP function', () => {
  const seen: unknown[] = [];
  const own: Logger = {
    debug() {},
    info() {},
    warn() {},
    error: (_message, fields) => void seen.push(fields?.error),
  };
  const answer = (thrown: (key: string) => unknown, logger?: Logger) => {
    const fn = logger ? base.logger(logger) : base;
    return invoke(
      fn('f', http({ method: 'GET', path: '/' })).handle((_event, { env }) => {
        throw thrown(env.KEY);
      }),
      fakeHttp(),
      { wiring },
    );
  };

  test('shows no secret in a problem below 500', async () => {
    const { status, body } = await answer((key) => new FunctionError('conflict', `The key ${key} is used.`));
    expect(status).toBe(409);
    expect(body).toMatchObject({ detail: 'The key [secret] is used.' });
    const frozen = await answer((key) => Object.freeze(new FunctionError('conflict', `The key ${key} is used.`)));
    expect(frozen.body).toMatchObject({ detail: 'The key [secret] is used.' });
  });

  test('logs and observes none from 500 on, with a custom logger too', async () => {
    const heard: unknown[] = [];
    const stop = observe((event) => heard.push(event));
    for (const thrown of [
      (key: string) => new Error(`Bearer ${key}`, { cause: new Error(key) }),
      (key: string) => Object.freeze(new Error(`Bearer ${key}`)),
    ]) {
      expect((await answer(thrown)).status).toBe(500);
      expect((await answer(thrown, own)).status).toBe(500);
    }
    stop();
    expect(lines).toHaveLength(2);
    expect(seen).toHaveLength(2);
    expect(heard).toHaveLength(4);
    expectHidden([lines, seen, heard]);
    expect(lines[0]).toContain('Bearer [secret]');
  });

  test('logs none of background work', async () => {
    const fn = base
      .logger(own)('f', http({ method: 'GET', path: '/' }))
      .handle((_event, { env, waitUntil }) => {
        waitUntil(Promise.reject(new Error(env.KEY)));
      });
    await invoke(fn, fakeHttp(), { wiring });
    expect(seen.at(-1)).toMatchObject({ message: '[secret]' });
  });
});

describe('a message function', () => {
  const delivered = (thrown: (key: string) => unknown, more: { deadLetter?: Transport; redeliver?: Transport } = {}) =>
    deliver(
      base('f', queue({ queue: 'q' })).handle((_event, { env }) => {
        throw thrown(env.KEY);
      }),
      fakeMessage({ quoted: SECRET }),
      { wiring: { ...wiring, ...more } },
    );

  test.each<[string, (key: string) => unknown]>([
    ['an error', (key) => new Error(key, { cause: { key } })],
    ['a text', (key) => key],
    ['a rejection', (key) => reject(key)],
    ['a rejection with an error', (key) => reject(new Error('x', { cause: new Error(key) }))],
    ['a frozen rejection', (key) => Object.freeze(reject(key))],
    ['a later retry', (key) => retryLater({ after: 1, cause: new Error(key) })],
  ])('settles and logs none: %s', async (_what, thrown) => {
    const settlement = await delivered(thrown);
    expect(settlement.done).toBe(false);
    expectHidden([settlement, lines]);
  });

  test('has none in the errors of a dead letter, whose event is unchanged', async () => {
    for (const thrown of [
      (key: string) => reject(new Error(key, { cause: new Error(key) })),
      (key: string) => Object.freeze(reject(key)),
    ]) {
      const deadLetter = memory();
      expect(await delivered(thrown, { deadLetter })).toMatchObject({ outcome: 'reject', done: true });
      const [sent] = deadLetter.sent;
      const { errors, event } = (sent as (typeof deadLetter.sent)[0]).event.data as DeadLetter;
      expectHidden(errors);
      expect(event.data).toEqual({ quoted: SECRET });
    }
  });

  test('has none if the message could not be sent on', async () => {
    const deadLetter: Transport = { send: () => Promise.reject(Object.freeze(new Error(SECRET))) };
    const settlement = await delivered(() => reject('poison'), { deadLetter });
    expect(settlement).toMatchObject({ outcome: 'reject', done: false });
    expectHidden([settlement, lines]);
  });
});

describe('an observed error', () => {
  const heard: unknown[] = [];
  let stop = (): void => {};
  beforeEach(async () => {
    heard.length = 0;
    stop = observe((event) => void heard.push(event));
    await know();
    heard.length = 0;
  });
  afterEach(() => stop());
  const tell = (error: unknown): void =>
    emit(() => ({ type: 'http.failed', functionName: 'f', invocationId: 'i', error }));

  test('has no secret, whoever reports it, and the thrown error is not changed', () => {
    const cause = { headers: { authorization: SECRET } };
    const error = Object.assign(new TypeError(`bad key ${SECRET}`, { cause }), { code: 'E_KEY' });
    tell(error);
    expectHidden(heard);
    expect(heard).toMatchObject([{ error: { name: 'TypeError', message: 'bad key [secret]', code: 'E_KEY' } }]);
    expect(error).toMatchObject({ message: `bad key ${SECRET}`, cause });
    expect(cause.headers.authorization).toBe(SECRET);
  });

  test('is the thrown error itself if it has no secret', () => {
    const error = new Error('down');
    tell(error);
    expect((heard[0] as { error: unknown }).error).toBe(error);
  });
});

describe('what is hidden', () => {
  test('stays hidden when it is rotated', () => {
    const secrets = hiding();
    secrets.hide('old-value');
    secrets.hide('new-value');
    expect(secrets.redact('old-value, new-value')).toBe('[secret], [secret]');
  });

  test('is forgotten beyond a limit, oldest first, so that rotation does not slow a server down', () => {
    const secrets = hiding();
    secrets.hide('still in use');
    secrets.hide('of long ago');
    for (let n = 0; n < 2_000; n++) {
      secrets.hide(`value-${n}`);
      if (n % 100 === 0) secrets.hide('still in use');
    }
    expect(secrets.redact('of long ago, value-1999, still in use')).toBe('of long ago, [secret], [secret]');
  });

  test('leaves no part of a longer secret', () => {
    const secrets = hiding();
    for (const value of ['abcde', 'abcdefgh', 'bcdefghij']) secrets.hide(value);
    expect(secrets.redact('abcdefgh')).toBe('[secret]');
    expect(secrets.redact('bcdefghij')).toBe('[secret]');
  });

  test('is any text in bytes, objects and arrays, including cyclic ones, and nothing else', () => {
    const secrets = hiding();
    const cyclic: unknown[] = [{ deep: 'text-in-a-list' }, 1_234_567, true, null, undefined, Symbol('no-text')];
    cyclic.push(cyclic);
    secrets.hide(cyclic);
    secrets.hide(new TextEncoder().encode('text-in-bytes'));
    secrets.hide('{ no JSON: at all');
    secrets.hide('broken \ud800');
    expect(secrets.redact('text-in-a-list text-in-bytes 1234567 true')).toBe('[secret] [secret] 1234567 true');
    expect(secrets.redact('{ no JSON: at all, broken \ud800')).toBe('[secret], [secret]');
  });

  test('is hidden in a long line, without a stack overflow', () => {
    const secrets = hiding();
    secrets.hide('hunter22');
    const line = JSON.stringify({ a: '\\"\n'.repeat(3_000_000), b: 'hunter22', hunter22: '\\hunter22"', c: 'd' });
    expect(secrets.redactJson(line).endsWith('"b":"[secret]","[secret]":"\\\\[secret]\\"","c":"d"}')).toBe(true);
  });

  test('is one list per process, for every copy of this package', async () => {
    vi.resetModules();
    const other = await import('./env-provider.js');
    const wiring = { env: { KEY: other.envProvider(() => 'of-another-copy'), DB: envProvider(() => '') } };
    await invoke(
      base('f', queue({ queue: 'q' })).handle(() => {}),
      fakeMessage(1),
      { wiring },
    );
    consoleLogger().info('of-another-copy');
    expect(JSON.parse(lines[0] as string).message).toBe('[secret]');
  });
});

test.each(['\ufeff', ' \n', '\ufeff '])('the leaves of a JSON secret after %j are hidden too', (before) => {
  const secrets = hiding();
  secrets.hide(`${before}{"password":"${LEAF}"}`);
  expect(secrets.redact(`It is ${LEAF}.`)).toBe('It is [secret].');
});
