/** Which id a message of Service Bus gets from what Azure's library makes of its metadata. */
import { type AzureApp, azure, on } from '@tradewind/adapters/azure';
import { type AnyFunction, defineFunction, queue } from '@tradewind/core';
import { idempotency, memoryStore } from '@tradewind/idempotency';
import { describe, expect, test } from 'vitest';
import { longList, textList } from '../hosts/azure-rpc.ts';
import * as golden from './azure.ts';

async function run(fn: AnyFunction, sent: golden.Sent): Promise<void> {
  let handler: ((trigger: unknown, context: unknown) => Promise<unknown>) | undefined;
  const keep = (_name: string, options: { handler: typeof handler }): void => {
    handler = options.handler;
  };
  azure({ http: keep, serviceBusQueue: keep } as unknown as AzureApp, fn as never);
  const { trigger, context } = await golden.arrived(sent);
  await handler?.(trigger, context);
}
const quiet = defineFunction.logger({ debug() {}, info() {}, warn() {}, error() {} });
const BUS = { source: 'serviceBus', connection: 'BUS' } as const;
const ABOVE = (2n << 53n) + 1n;

/** One message, with the metadata as the host sends it. */
function one(id: string | undefined, sequence: bigint | undefined, token?: string): golden.Sent {
  const { MessageId: _id, SequenceNumber: _number, LockToken: _token, ...rest } = golden.serviceBus.metadata ?? {};
  const metadata = {
    ...rest,
    ...(id !== undefined && { MessageId: { string: id } }),
    ...(sequence !== undefined && { SequenceNumber: { json: String(sequence) } }),
    ...(token !== undefined && { LockToken: { string: token } }),
  };
  return { ...golden.serviceBus, metadata };
}

/** Several messages; text that is empty does not arrive. */
function many(ids: readonly string[], sequences: readonly bigint[], more: object = {}): golden.Sent {
  return {
    type: 'serviceBusTrigger',
    data: { collectionBytes: { bytes: ids.map((_, index) => Buffer.from(String(index))) } },
    metadata: {
      MessageIdArray: textList(ids),
      SequenceNumberArray: longList(sequences),
      DeliveryCountArray: { json: JSON.stringify(ids.map(() => 1)) },
      ...more,
    },
  };
}

describe('one message', () => {
  const idOf = async (sent: golden.Sent): Promise<string | undefined> => {
    let id: string | undefined;
    const fn = quiet('f', queue({ queue: 'orders' })).handle((event) => {
      id = event.id;
    });
    await run(on(fn, BUS), sent);
    return id;
  };

  test.each([
    ['order-1', 'order-1'],
    ['007', '007'],
    ['"quoted"', 'quoted'],
    ['12345', 'sequence-17'],
    ['1000', 'sequence-17'],
    ['1e3', 'sequence-17'],
    ['"12345"', 'sequence-17'],
    ['-0', 'sequence-17'],
    ['89e7073266', 'sequence-17'],
    ['12345678901234567890', 'sequence-17'],
    ['1e400', 'sequence-17'],
    ['0.1', 'sequence-17'],
    ['true', 'sequence-17'],
    ['null', 'sequence-17'],
    ['', 'sequence-17'],
    ['{"a":1}', 'sequence-17'],
    ['["a"]', 'sequence-17'],
    ['{"low":1,"high":0,"unsigned":false}', 'sequence-17'],
    ['{"low":1,"toString":1}', 'sequence-17'],
  ])('with the id %s', async (id, expected) => {
    expect(await idOf(one(id, 17n, 'token'))).toBe(expected);
  });

  test('whose sequence number was rounded has its lock token', async () => {
    expect(await idOf(one('12345678901234567890', ABOVE, '8b3b2c0e-6f0e-4d55-a8b8-111111111111'))).toBe(
      'lock-8b3b2c0e-6f0e-4d55-a8b8-111111111111',
    );
    expect(await idOf(one('order-1', ABOVE))).toBe('order-1');
  });

  test.each([
    [undefined, undefined, undefined],
    ['1e400', ABOVE, undefined],
    ['1e400', ABOVE, '00000000-0000-0000-0000-000000000000'],
  ])('with nothing that is its own, %s %s %s, fails, and comes again', async (id, sequence, token) => {
    await expect(idOf(one(id, sequence, token))).rejects.toMatchObject({ code: 'foreign_event' });
  });
});

describe('several messages', () => {
  const idsOf = async (sent: golden.Sent): Promise<string[]> => {
    const seen: string[] = [];
    const fn = quiet('f', queue({ queue: 'orders' }).batch()).handle(({ messages }) => {
      for (const { id } of messages) seen.push(id);
    });
    await run(on(fn, BUS), sent);
    return seen;
  };

  test('one whose id is a number has its place in the queue, and the others run with it', async () => {
    expect(await idsOf(many(['order-1', '12345678901234567890', '89e7073266'], [1n, 2n, 3n]))).toEqual([
      'order-1',
      'sequence-2',
      'sequence-3',
    ]);
  });

  test.each([
    0n,
    17n,
    2n ** 31n,
    2n ** 32n - 1n,
    2n ** 32n,
    2n ** 53n,
    2n ** 53n + 1n,
    (63n << 48n) + 5n,
    2n ** 63n - 1n,
    -1n,
  ])('the place %s is exact', async (place) => {
    expect(await idsOf(many(['1', 'a'], [place, 8n]))).toEqual([`sequence-${place}`, 'a']);
  });

  test('no message has the id of another whose id is empty', async () => {
    expect(await idsOf(many(['', 'b', 'c'], [1n, 2n, 3n]))).toEqual(['sequence-1', 'sequence-2', 'sequence-3']);
  });

  test('without places the lock tokens stand for them', async () => {
    const more = {
      SequenceNumberArray: { json: '[9007199254740993,1]' },
      LockTokenArray: textList(['t-1', 't-2']),
    };
    expect(await idsOf(many(['1e400', '2'], [], more))).toEqual(['lock-t-1', 'sequence-1']);
  });
});

describe('messages whose ids differ all run, although the library makes one id of them', () => {
  const SAME = [
    ['12345678901234567890', '12345678901234567891'],
    ['89e7073266', '89e7073267'],
    ['1000', '1e3'],
    ['"42"', '42'],
    ['{"low":1,"high":0,"unsigned":false}', '1'],
  ] as const;

  test.each(SAME)('%s and %s', async (...ids) => {
    const runs: string[] = [];
    const of = (name: string): AnyFunction =>
      on(
        quiet(name, queue({ queue: 'orders' }))
          .use(idempotency({ store: memoryStore() }))
          .handle((event) => void runs.push(event.id)),
        BUS,
      );
    const plain = of('plain');
    const partitioned = of('partitioned');
    for (const [index, id] of ids.entries()) {
      await run(plain, one(id, 17n + BigInt(index)));
      await run(partitioned, one(id, ABOVE + BigInt(index), `token-${index}`));
    }
    expect(new Set(runs).size).toBe(4);
    await run(plain, one(ids[0], 17n));
    expect(runs).toHaveLength(4);
  });
});

test.each(['UTC', 'America/New_York'])('the time of a message without an offset is in UTC, in %s', async (zone) => {
  const { TZ } = process.env;
  process.env.TZ = zone;
  try {
    let time: string | undefined;
    const fn = quiet('f', queue({ queue: 'orders' })).handle((event) => {
      time = event.time;
    });
    await run(on(fn, BUS), golden.serviceBus);
    expect(time).toBe('2026-01-01T03:30:00.500Z');
  } finally {
    process.env.TZ = TZ;
    if (TZ === undefined) delete process.env.TZ;
  }
});
