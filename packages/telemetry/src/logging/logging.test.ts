import { Logger as Powertools } from '@aws-lambda-powertools/logger';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { type Context, defineFunction, envProvider, http, json, type Logger, queue } from '@tradewind/core';
import { deliver, deliverBatch, fakeBatch, fakeHttp, fakeMessage, invoke } from '@tradewind/core/testing';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { tracing } from '../tracing/tracing.js';
import { azureLogger, type JsonLoggerOptions, jsonLogger, pinoLogger, powertoolsLogger } from './index.js';

let lines: Record<string, unknown>[];
let texts: string[];
beforeEach(() => {
  lines = [];
  texts = [];
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((line) => {
      texts.push(String(line));
      lines.push(JSON.parse(String(line)));
    });
  }
});
afterEach(() => vi.restoreAllMocks());

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const charging = (
  options: JsonLoggerOptions,
  say: (log: ReturnType<ReturnType<typeof jsonLogger>>, data: unknown) => void,
) =>
  defineFunction
    .logger(jsonLogger(options))('charge', queue({ queue: 'orders' }))
    .handle(({ data }, { log }) => say(log, data));

/** The line that a call with these fields writes. */
async function line(fields: unknown, options: JsonLoggerOptions = {}): Promise<Record<string, unknown>> {
  await deliver(
    charging(options, (log) => log.info('Said.', fields as never)),
    fakeMessage(1),
  );
  return lines[0] as Record<string, unknown>;
}

describe('a line', () => {
  test('has the ids of its invocation', async () => {
    expect(await line({ orderId: 'o-1' })).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      message: 'Said.',
      function: 'charge',
      platform: 'test',
      invocationId: 'test',
      coldStart: expect.any(Boolean),
      attempt: 1,
      orderId: 'o-1',
    });
  });

  test('renames a field whose name every line has already', async () => {
    expect(await line({ level: 'x', time: 1, message: 2 })).toMatchObject({
      level: 'info',
      message: 'Said.',
      level_: 'x',
      time_: 1,
      message_: 2,
    });
  });

  test.each<[string, unknown, unknown]>([
    ['a BigInt', { a: 12345678901234567890n }, { a: '12345678901234567890' }],
    [
      'a cycle',
      (() => {
        const a: Record<string, unknown> = {};
        a.self = a;
        return { a };
      })(),
      { a: expect.anything() },
    ],
    ['NaN', { a: Number.NaN }, { a: null }],
    ['undefined, a function and a symbol', { a: undefined, b: () => 1, c: Symbol('x'), d: [undefined] }, { d: [null] }],
    [
      'a getter that throws',
      {
        get a() {
          throw new Error('x');
        },
        b: 1,
      },
      { a: '[unreadable]', b: 1 },
    ],
    [
      'a toJSON that throws',
      {
        a: {
          toJSON() {
            throw new Error('x');
          },
        },
      },
      { a: '[unreadable]' },
    ],
    [
      'a proxy that throws',
      {
        a: new Proxy(
          {},
          {
            ownKeys() {
              throw new Error('x');
            },
          },
        ),
      },
      { a: '[unreadable]' },
    ],
    ['a date', { a: new Date(0) }, { a: '1970-01-01T00:00:00.000Z' }],
    ['a Map and a Set', { a: new Map([['b', 1]]), c: new Set([1]) }, { a: { b: 1 }, c: [1] }],
    [
      'a list that is long',
      { a: Array.from({ length: 1_500 }, () => 0) },
      { a: expect.arrayContaining(['[500 more]']) },
    ],
    ['a name such as __proto__', JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":1}}')],
    ['line breaks and quotes', { a: 'x\n"y"\u2028' }, { a: 'x\n"y"\u2028' }],
  ])('holds %s', async (_name, fields, expected) => {
    expect(await line(fields)).toMatchObject(expected as object);
    expect(texts[0]).not.toContain('\n');
  });

  test('contains an error with its causes', async () => {
    const cause = Object.assign(new Error('ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const error = new AggregateError([new Error('one')], 'all', { cause });
    expect(await line({ error })).toMatchObject({
      error: {
        name: 'AggregateError',
        message: 'all',
        stack: expect.any(String),
        cause: { code: 'ECONNREFUSED' },
        errors: [{ message: 'one' }],
      },
    });
  });

  test('is valid JSON, whatever is logged', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withNullPrototype: true,
          withObjectString: true,
        }),
        (value) => {
          const log = jsonLogger()({ functionName: 'f', platform: 'p', invocationId: 'i', coldStart: true } as never);
          lines = [];
          log.info('x', { value });
          expect(lines).toHaveLength(1);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('equals what JSON.stringify writes, for JSON values', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const log = jsonLogger({ redact: [] })({
          functionName: 'f',
          platform: 'p',
          invocationId: 'i',
          coldStart: true,
        } as never);
        lines = [];
        log.info('x', { value });
        expect(lines[0]?.value).toEqual(JSON.parse(JSON.stringify(value)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('is limited in length, however its values are nested', async () => {
    const tangle: Record<string, unknown> = {};
    for (let name = 0; name < 5; name++) tangle[`r${name}`] = tangle;
    const wide = Array.from({ length: 900 }, () => Array.from({ length: 900 }, () => ({ a: 1 })));
    await line({ tangle, wide, text: 'x'.repeat(5_000_000) });
    expect(texts[0]?.length).toBeLessThan(300_000);
    expect(lines[0]).toMatchObject({ tangle: { r0: '[circular]' } });
    const parent = { name: 'p', kids: [] as object[] };
    parent.kids.push({ parent }, { parent });
    lines = [];
    expect(await line({ parent })).toMatchObject({
      parent: { kids: [{ parent: '[circular]' }, { parent: '[circular]' }] },
    });
  });

  test.each<[string, string, object]>([
    ['message', 'x'.repeat(5_000_000), {}],
    ['name', 'Said.', { ['x'.repeat(5_000_000)]: 1 }],
    [
      'number of long texts',
      'Said.',
      Object.fromEntries(Array.from({ length: 900 }, (_, at) => [at, 'x'.repeat(30_000)])),
    ],
    [
      'number of long names',
      'Said.',
      Object.fromEntries(Array.from({ length: 900 }, (_, at) => ['x'.repeat(30_000) + at, 1])),
    ],
    ['long list of long texts', 'Said.', { list: Array.from({ length: 900 }, () => 'x'.repeat(30_000)) }],
  ])('is short, whatever its %s', async (_, message, fields) => {
    await deliver(
      charging({}, (log) => log.child({ first: 1 }).info(message, { ...fields, last: 1 })),
      fakeMessage(1),
    );
    expect(texts[0]?.length).toBeLessThan(300_000);
    expect(texts[0]).toContain('[cut off]');
  });

  test('does not contain half a secret where a text is cut off', async () => {
    const KEY = 'sk-live-0123456789abcdef';
    const text = 'x'.repeat(32_768 - 8) + KEY + 'y'.repeat(100);
    const fn = defineFunction
      .env(z.object({ KEY: z.string() }))
      .logger(jsonLogger())('charge', queue({ queue: 'orders' }))
      .handle((_event, { log }) => log.info(text, { text, [text]: 1 }));
    await deliver(fn, fakeMessage(1), { wiring: { env: { KEY: envProvider(() => KEY) } } });
    expect(texts[0]?.match(/\[secret\]/g)).toHaveLength(3);
    expect(texts[0]).not.toContain('sk-live');
  });

  test('has each name once, and no field replaces an id or a field of a child logger', async () => {
    await deliver(
      charging({ fields: { team: 'a' } }, (log) =>
        log.child({ order: 1 }).info('x', { order: 2, team: 'b', traceId: 'mine', attempt: 7 }),
      ),
      fakeMessage(1),
    );
    expect(lines[0]).toMatchObject({
      order: 1,
      order_: 2,
      team: 'a',
      team_: 'b',
      traceId_: 'mine',
      attempt: 1,
      attempt_: 7,
    });
  });

  test('has no second attempt if the field is the line’s own, also of a child', async () => {
    await deliver(
      charging({}, (log) => {
        log.info('Mine.', { attempt: 1, coldStart: 'no', platform: 'test' });
        log.child({ attempt: 1, order: 'o-1' }).info('Child.');
        throw new Error('down');
      }),
      fakeMessage(1),
    );
    expect(lines).toMatchObject([
      { message: 'Mine.', attempt: 1, coldStart_: 'no' },
      { message: 'Child.', attempt: 1, order: 'o-1' },
      { messageId: 'fake-1', attempt: 1, error: { message: 'down' } },
    ]);
    expect(texts.join()).not.toMatch(/attempt_|platform_/);
  });

  test('has each name once, whatever its fields are called', async () => {
    await deliver(
      charging({}, (log) => {
        log.info('x', { time: 1, time_: 2 });
        log.child({ order: 1 }).child({ order: 2 }).info('x', { order: 3 });
      }),
      fakeMessage(1),
    );
    for (const text of texts) {
      const names = text.match(/"(?:time|order)_*":/g) ?? [];
      expect(new Set(names).size).toBe(names.length);
    }
    expect(lines).toMatchObject([
      { time_: 2, time__: 1 },
      { order: 1, order_: 2, order__: 3 },
    ]);
  });

  test('contains no bytes', async () => {
    const fields = { body: new Uint8Array(20_000_000), buffer: Buffer.alloc(5), all: new ArrayBuffer(3) };
    expect(await line(fields)).toMatchObject({ body: '[20000000 bytes]', buffer: '[5 bytes]', all: '[3 bytes]' });
  });

  test.each([
    ['a symbol', Symbol('x'), 'Symbol(x)'],
    ['an object without a class', Object.create(null), '[an object'],
    ['undefined', undefined, 'undefined'],
    ['a proxy that throws', revoked(), '[unreadable]'],
  ])('is written if its message is %s', async (_, message, text) => {
    await deliver(
      charging({}, (log) => {
        log.info(message as never);
        for (const odd of [undefined, null, revoked(), 5]) log.child(odd as never).info('Child.');
      }),
      fakeMessage(1),
    );
    expect(lines).toHaveLength(5);
    expect(lines[0]?.message).toContain(text);
  });

  test('contains an error that is passed in place of fields', async () => {
    expect(await line(new Error('down'))).toMatchObject({ error: { message: 'down' } });
  });

  test('contains the fields of an object without a prototype', async () => {
    expect(await line(Object.assign(Object.create(null), { a: 1 }))).toMatchObject({ a: 1 });
  });
});

describe('redaction', () => {
  const order = {
    Authorization: 'Bearer x',
    headers: { cookie: 'a=1', 'set-cookie': ['b=2'], accept: '*/*' },
    user: { email: 'a@b.example', password: 'p', name: 'Ada' },
    cards: [
      { iban: 'DE1', last: '1' },
      { iban: 'DE2', last: '2' },
    ],
    deep: { deeper: { token: 't' } },
  };

  test('hides credentials at every depth, and the paths of `redact`', async () => {
    expect(await line(order, { redact: ['user.email', 'cards.*.iban'] })).toMatchObject({
      Authorization: '[redacted]',
      headers: { cookie: '[redacted]', 'set-cookie': '[redacted]', accept: '*/*' },
      user: { email: '[redacted]', password: '[redacted]', name: 'Ada' },
      cards: [
        { iban: '[redacted]', last: '1' },
        { iban: '[redacted]', last: '2' },
      ],
      deep: { deeper: { token: '[redacted]' } },
    });
  });

  test.each([
    [['**.iban'], { cards: [{ iban: '[redacted]' }, { iban: '[redacted]' }] }],
    [['cards'], { cards: '[redacted]' }],
    [['cards.1'], { cards: [{ iban: 'DE1' }, '[redacted]'] }],
    [['*.email'], { user: { email: '[redacted]' } }],
    [['USER.Email'], { user: { email: '[redacted]' } }],
    [['email', 'user.name.first'], { user: { email: 'a@b.example', name: 'Ada' } }],
  ])('hides %j', async (redact, expected) => {
    expect(await line(order, { redact })).toMatchObject(expected);
  });

  test('also applies to the value after its name in a list: raw headers and pairs', async () => {
    const fields = {
      rawHeaders: ['Host', 'a', 'Authorization', 'Bearer x', 'cookie', 'a=1'],
      pairs: [...new Headers({ accept: '*/*', authorization: 'Bearer x' })],
      names: ['name', 'password'],
      ibans: ['iban', 'DE1'],
    };
    expect(await line(fields, { redact: ['**.iban'] })).toMatchObject({
      rawHeaders: ['Host', 'a', 'Authorization', '[redacted]', 'cookie', '[redacted]'],
      pairs: [
        ['accept', '*/*'],
        ['authorization', '[redacted]'],
      ],
      names: ['name', 'password'],
      ibans: ['iban', '[redacted]'],
    });
  });

  test('also applies to the fields of a child logger and of an error', async () => {
    await deliver(
      charging({ redact: ['**.iban'] }, (log) =>
        log
          .child({ iban: 'DE1', order: { iban: 'DE2' } })
          .warn('x', { error: Object.assign(new Error('e'), { cause: { iban: 'DE3' } }) }),
      ),
      fakeMessage(1),
    );
    expect(texts.join()).not.toMatch(/DE\d/);
  });
});

describe('levels', () => {
  const all = (options: JsonLoggerOptions) =>
    charging(options, (log) => {
      for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](level);
    });
  const levels = () => lines.map(({ level }) => level);

  test.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['silent', []],
  ] as const)('from %s up are written', async (level, expected) => {
    await deliver(all({ level }), fakeMessage(1));
    expect(levels()).toEqual(expected);
  });

  test('are ignored in a sampled invocation', async () => {
    await deliver(all({ level: 'error', sampling: 1 }), fakeMessage(1));
    expect(levels()).toEqual(['debug', 'info', 'warn', 'error']);
    lines = [];
    const chance = vi.spyOn(Math, 'random').mockReturnValue(0.5);
    await deliver(all({ level: 'error', sampling: 0.5 }), fakeMessage(1));
    expect(levels()).toEqual(['error']);
    chance.mockRestore();
  });

  test('apply to all lines of a message or, if it is sampled, to none of them, whatever its layers add', async () => {
    const fn = defineFunction
      .logger(jsonLogger({ level: 'error', sampling: 0.5 }))('charge', queue({ queue: 'orders' }))
      .use(async (_event, { log }, next) => {
        log.debug('Layer.');
        return next({ user: 'u' });
      })
      .handle(({ data }, { log }) => {
        log.child({ data }).debug('Handler.');
        throw new Error('down');
      });
    let count = 0;
    // Every second message is sampled, provided that each is drawn once.
    vi.spyOn(Math, 'random').mockImplementation(() => (count++ % 2) / 2);
    await deliverBatch(fn, fakeBatch([1, 2, 3, 4]) as never);
    expect(lines.map(({ message }) => message).sort()).toEqual(
      [
        'Layer.',
        'Layer.',
        'Handler.',
        'Handler.',
        ...[1, 2, 3, 4].map((id) => `Message 'fake-${id}': retry. It will be redelivered.`),
      ].sort(),
    );
  });

  test('isEnabled tells whether a level is written', async () => {
    const asked: boolean[] = [];
    await deliver(
      charging({ level: 'warn' }, ({ isEnabled, child }) => asked.push(isEnabled('info'), child({}).isEnabled('warn'))),
      fakeMessage(1),
    );
    expect(asked).toEqual([false, true]);
  });
});

test.each([
  [{ level: 'verbose' }, 'jsonLogger(...): `level` must be one of debug, info, warn, error, silent; got verbose.'],
  [{ sampling: 5 }, 'jsonLogger(...): `sampling` must be a number from 0 to 1; got 5.'],
  [
    { redact: ['**.a.b'] },
    "A path in the logger's `redact` must be like 'a.b.0', with * for any name, or '**.name'; got '**.a.b'.",
  ],
  [{ redact: ['a..b'] }, "got 'a..b'"],
  [{ redact: [7] }, "A path in the logger's `redact`"],
  [{ redact: 'a.b' }, "The logger's `redact` must be a list of paths; got string."],
  [{ redact: ['a.**.b'] }, "got 'a.**.b'"],
  [{ redact: ['user[0].pin'] }, "got 'user[0].pin'"],
  [{ redact: ['pass*'] }, "got 'pass*'"],
  [{ sampling: '0.5' }, 'must be a number from 0 to 1; got string'],
  [{ levle: 'info' }, "jsonLogger(...): unknown option 'levle'. The options are level, sampling, redact, fields."],
  [null, 'jsonLogger(...): the options must be an object; got null.'],
  [{ fields: null }, 'jsonLogger(...): `fields` must be an object; got null'],
  [{ fields: [1] }, 'jsonLogger(...): `fields` must be an object; got a list'],
])('%j is refused', (options, message) => {
  expect(() => jsonLogger(options as never)).toThrow(message);
});

test('a logger that cannot be made does not fail the message', async () => {
  const fn = defineFunction
    .logger((): Logger => {
      throw new Error('no logger');
    })('charge', queue({ queue: 'orders' }))
    .handle((_event, { log }) => log.info('Said.'));
  expect(await deliver(fn, fakeMessage(1))).toMatchObject({ outcome: 'ack' });
  expect(lines.map(({ message }) => message)).toEqual(['The logger could not be created.', 'Said.']);
});

/** Runs overlapping invocations, and returns the ids and fields of their lines. */
async function overlapping(make: () => { fn: Parameters<typeof deliver>[0]; read: () => Record<string, unknown>[] }) {
  const { fn, read } = make();
  await Promise.all(
    Array.from({ length: 1_000 }, (_, at) => deliver(fn, fakeMessage(at) as never, { invocationId: `i-${at}` })),
  );
  return read();
}

test('1,000 concurrent invocations never log each other’s ids or fields', async () => {
  const said = await overlapping(() => ({
    fn: defineFunction
      .logger(jsonLogger())('charge', queue({ queue: 'orders' }))
      .handle(async ({ data }, { log }) => {
        const own = log.child({ order: data });
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
        own.info('Charged.');
      }),
    read: () => lines,
  }));
  expect(said).toHaveLength(1_000);
  for (const { invocationId, order } of said) expect(invocationId).toBe(`i-${order}`);
});

describe('Powertools’ logger', () => {
  // Without this it writes to the process's streams, not to the console.
  beforeEach(() => void vi.stubEnv('POWERTOOLS_DEV', 'true'));
  const read = () => lines;

  test('keeps the keys of an invocation on its own lines', async () => {
    const logger = new Powertools({ serviceName: 'orders', logLevel: 'DEBUG', persistentKeys: { team: 'shop' } });
    const said = await overlapping(() => ({
      fn: defineFunction
        .logger(powertoolsLogger(logger))('charge', queue({ queue: 'orders' }))
        .handle(async ({ data }, { log }) => {
          log.appendKeys({ order: data });
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
          log.info('Charged.', { cents: 5 });
        }),
      read,
    }));
    expect(said).toHaveLength(1_000);
    expect(said[0]).toMatchObject({
      level: 'INFO',
      service: 'orders',
      team: 'shop',
      function_name: 'charge',
      message: 'Charged.',
      cents: 5,
    });
    for (const { function_request_id, order } of said) expect(function_request_id).toBe(`i-${order}`);
  });

  test('writes keys that a layer appends on the handler’s and core’s lines, but of no other message', async () => {
    const fn = defineFunction
      .logger(powertoolsLogger(new Powertools()))
      .use(tracing({ provider: new BasicTracerProvider() }))('charge', queue({ queue: 'orders' }))
      .use((event, { log }, next) => {
        log.appendKeys({ tenant: { id: event.id } });
        return next({ user: 'u' });
      })
      .handle(({ id }, { log }) => {
        log.appendKeys({ tenant: { name: id } });
        log.info('Charging.', { messageId: id });
        throw new Error('down');
      });
    await deliverBatch(fn, fakeBatch([1, 2]) as never);
    expect(lines).toHaveLength(4);
    for (const { messageId, tenant, trace_id } of lines) {
      expect(tenant).toEqual({ id: messageId, name: messageId });
      expect(trace_id).toMatch(/^[\da-f]{32}$/);
    }
  });

  test('writes core’s lines, with their errors', async () => {
    const fn = defineFunction
      .logger(powertoolsLogger(new Powertools()))('place', http({ method: 'GET', path: '/' }))
      .handle(() => {
        throw new Error('down');
      });
    expect((await invoke(fn, fakeHttp())).status).toBe(500);
    expect(lines[0]).toMatchObject({ level: 'ERROR', error: { message: 'down' } });
  });

  test('is wanted', () => {
    expect(() => powertoolsLogger(console as never)).toThrow(
      "powertoolsLogger(...): `createChild` of Powertools' Logger",
    );
  });
});

describe('pino', () => {
  const written: string[] = [];
  const logger = pino({ level: 'debug', redact: ['card'] }, { write: (text: string) => void written.push(text) });

  test('gets the fields first, and an error as `err`', async () => {
    const fn = defineFunction
      .logger(pinoLogger(logger))('place', http({ method: 'GET', path: '/' }))
      .handle((_event, { log }) => {
        log.info('Placed.', { orderId: 'o-1', card: '4111' });
        throw new Error('down');
      });
    expect((await invoke(fn, fakeHttp())).status).toBe(500);
    const [placed, failed] = written.map((text) => JSON.parse(text));
    expect(placed).toMatchObject({
      level: 30,
      msg: 'Placed.',
      function: 'place',
      invocationId: 'test',
      orderId: 'o-1',
      card: '[Redacted]',
    });
    expect(failed).toMatchObject({ level: 50, err: { type: 'Error', message: 'down' } });
  });

  test('writes each name once, whether of a field or of an id, and accepts null as fields', async () => {
    written.length = 0;
    const fn = defineFunction
      .logger(pinoLogger(logger))('charge', queue({ queue: 'orders' }))
      .handle((_event, { log }) => {
        log.info('No fields.', null as never);
        throw new Error('down');
      });
    await deliver(fn, fakeMessage(1));
    const [none, failed] = written;
    expect(JSON.parse(none as string)).toMatchObject({ msg: 'No fields.', attempt: 1 });
    expect(failed?.match(/"attempt":/g)).toHaveLength(1);
    expect(JSON.parse(failed as string)).toMatchObject({ attempt: 1, messageId: 'fake-1' });
    expect(failed).not.toContain('attempt_');
  });

  test('is wanted', () => {
    expect(() => pinoLogger(undefined as never)).toThrow("pinoLogger(...): `child` of pino's logger");
  });
});

describe('core’s line about a failed message has the ids of its span', () => {
  beforeEach(() => void vi.stubEnv('POWERTOOLS_DEV', 'true'));
  const provider = new BasicTracerProvider();

  test.each([
    ['jsonLogger', jsonLogger(), 'traceId'],
    ['pinoLogger', pinoLogger(pino({}, { write: (text: string) => console.info(text) })), 'traceId'],
    ['powertoolsLogger', (context: Context) => powertoolsLogger(new Powertools())(context), 'trace_id'],
  ] as const)('%s', async (_, logger: (context: Context) => Logger, name) => {
    let traceId: string | undefined;
    const fn = defineFunction
      .logger(logger)
      .use(tracing({ provider }))('charge', queue({ queue: 'orders' }))
      .handle((_event, { span }) => {
        traceId = span?.spanContext().traceId;
        throw new Error('down');
      });
    await deliver(fn, fakeMessage(1));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.[name]).toBe(traceId ?? 'none');
  });
});

test('each message of a batch has its own logger', async () => {
  const fn = defineFunction
    .logger(jsonLogger())('charge', queue({ queue: 'orders' }))
    .handle(({ data }, { log }) => log.child({ order: data }).info('Charged.'));
  await deliverBatch(fn, fakeBatch(['a', 'b']));
  expect(lines.map(({ order, order_ }) => [order, order_])).toEqual([
    ['a', undefined],
    ['b', undefined],
  ]);
});

test.each([
  ['pinoLogger', pinoLogger(pino({}, { write: (text: string) => console.info(text) })), 'err'],
  ['powertoolsLogger', (context: Context) => powertoolsLogger(new Powertools())(context), 'error'],
] as const)(
  '%s says of an error in place of fields what it is',
  async (_, logger: (context: Context) => Logger, name) => {
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    const fn = defineFunction
      .logger(logger)('charge', queue({ queue: 'orders' }))
      .handle((_event, { log }) => log.info('Failed.', new Error('down') as never));
    await deliver(fn, fakeMessage(1));
    expect(lines[0]?.[name]).toMatchObject({ message: 'down' });
  },
);

test('a destructured method still belongs to the context', async () => {
  const fn = defineFunction
    .logger(jsonLogger())('place', http({ method: 'GET', path: '/' }))
    .handle((_event, { log }) => {
      const { info } = log;
      info('Destructured.');
      return json(200, 1);
    });
  expect((await invoke(fn, fakeHttp())).status).toBe(200);
  expect(lines[0]).toMatchObject({ message: 'Destructured.', function: 'place' });
});

describe('Azure’s own log', () => {
  const azure = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const context = (platform: string) =>
    ({ functionName: 'f', platform, invocationId: 'i', native: { context: azure } }) as never;

  test('gets plain text, followed by the fields', () => {
    const log = azureLogger({ redact: ['**.iban'] })(context('azure'));
    log.info('Placed.');
    log.warn('Slow.', { ms: 5, card: { iban: 'DE1' }, password: 'p' });
    expect(azure.info).toHaveBeenCalledWith('Placed.');
    expect(azure.warn).toHaveBeenCalledWith('Slow. {"ms":5,"card":{"iban":"[redacted]"},"password":"[redacted]"}');
  });

  test('is jsonLogger() on other platforms, with the same redaction', () => {
    azureLogger({ redact: ['**.iban'] })(context('node')).info('Placed.', { a: 1, iban: 'DE1', password: 'p' });
    expect(lines[0]).toMatchObject({
      message: 'Placed.',
      function: 'f',
      a: 1,
      iban: '[redacted]',
      password: '[redacted]',
    });
  });
});
