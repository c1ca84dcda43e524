import {
  type AnyFunction,
  defineFunction,
  defineMiddleware,
  event,
  FunctionError,
  queue,
  reject,
  retryLater,
  schedule,
  sender,
} from '@tradewind/core';
import { fakeBatch, fakeEvent, fakeMessage, fakeSchedule, memory } from '@tradewind/core/testing';
import { tracing } from '@tradewind/telemetry';
import { z } from 'zod';
import type { Recorded } from './requests.ts';

const define = defineFunction.use(tracing());
const Data = z.object({ id: z.string() });
const TRACE = { traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`, tracestate: 'a=1' };
const GOOD = { id: 'o-1' };

type Kind = 'queue' | 'event' | 'schedule';

/** A function of a kind that does the same for every event. */
function doing(kind: Kind, handler: (...args: never[]) => unknown): AnyFunction {
  const act = handler as never;
  if (kind === 'queue') return define('work', queue({ queue: 'orders', data: Data })).handle(act);
  if (kind === 'event') return define('work', event({ type: 'order.shipped', data: Data })).handle(act);
  return define('work', schedule({ cron: '30 3 * * MON-FRI' })).handle(act);
}
const fakes = (data: unknown = GOOD): Record<Kind, Recorded['fake']> => ({
  queue: fakeMessage(data, { extensions: { tenant: 'x' }, ...TRACE }),
  event: fakeEvent(data, TRACE),
  schedule: fakeSchedule('2026-03-03T03:30:00Z'),
});

const throws = (thrown: unknown) => () => {
  throw thrown;
};
const ACTS: Readonly<Record<string, (...args: never[]) => unknown>> = {
  'what it sees': ((
    message: object,
    { deliveryAttempt, functionName }: { deliveryAttempt: unknown; functionName: string },
  ) => {
    console.log({ message, deliveryAttempt, functionName });
  }) as never,
  'a throw': throws(new Error('no', { cause: new Error('why') })),
  'undefined is thrown': throws(undefined),
  'a promise that rejects': () => Promise.reject(new Error('later')),
  'an error that is returned': () => new Error('returned'),
  'promises that are not awaited': () => [Promise.resolve()],
  retryLater: throws(retryLater({ after: 61_500 })),
  reject: throws(reject('poison')),
  'a FunctionError': throws(new FunctionError('conflict', 'Taken.')),
};

const fullSink = { send: () => Promise.reject(new Error('full')) };
const stamp = defineMiddleware(async (_event, { log }, next) => {
  log.info('before');
  return (await next({ stamped: 1 })).with(undefined);
});

function ofKind(kind: Kind): readonly Recorded[] {
  const situation = (name: string, handler: (...args: never[]) => unknown, more: Partial<Recorded> = {}): Recorded => ({
    name,
    fn: doing(kind, handler),
    fake: fakes()[kind],
    ...more,
  });
  return [
    ...Object.entries(ACTS).map(([name, act]) => situation(name, act)),
    situation('reject, with a sink', throws(reject('poison')), { wiring: { deadLetter: memory() } }),
    situation('a sink that fails', throws(reject('poison')), { wiring: { deadLetter: fullSink } }),
    ...(kind === 'schedule' ? [] : [situation('data that does not fit', () => {}, { fake: fakes({ id: 7 })[kind] })]),
    situation('a middleware', () => 1, {
      fn: (kind === 'queue'
        ? define('work', queue({ queue: 'orders' }))
        : kind === 'event'
          ? define('work', event({ type: 'order.shipped' }))
          : define('work', schedule({ cron: '30 3 * * MON-FRI' }))
      )
        .use(stamp)
        .handle(() => {}) as AnyFunction,
    }),
  ];
}

const batch = define('bulk', queue({ queue: 'orders', data: Data }).batch());
const next = define('next', queue({ queue: 'next', data: Data })).handle(() => {});
const carried = memory();

const QUEUES: readonly Recorded[] = [
  {
    name: 'the deadline',
    fn: define('slow', queue({ queue: 'orders', timeout: 60 })).handle(() => new Promise(() => {})),
    fake: fakeMessage(GOOD),
  },
  {
    name: 'a rejected message that is dropped',
    fn: define('dropping', queue({ queue: 'orders', onReject: 'drop' })).handle(throws(reject('poison'))),
    fake: fakeMessage(GOOD),
  },
  {
    name: 'an environment that is not there',
    fn: define
      .env(z.object({ MISSING: z.string() }))('needy', queue({ queue: 'orders' }))
      .handle(() => {}),
    fake: fakeMessage(GOOD),
  },
  {
    name: 'a message that is sent on',
    fn: define('sending', queue({ queue: 'orders', data: Data })).handle(({ data }, context) =>
      sender(next)(context).send(data, { delay: 5_000 }),
    ),
    fake: fakeMessage(GOOD, TRACE),
    wiring: { send: { next: carried } },
  },
  {
    name: 'a message for which no transport is there',
    fn: define('sending', queue({ queue: 'orders', data: Data })).handle(({ data }, context) =>
      sender(next)(context).send(data),
    ),
    fake: fakeMessage(GOOD),
  },
  {
    name: 'a batch, one of which fails and one of which does not fit',
    fn: batch.handle(({ messages }) =>
      Promise.allSettled(messages.map(async ({ data }) => (data.id === 'bad' ? Promise.reject(new Error('no')) : 1))),
    ),
    fake: fakeBatch([GOOD, { id: 'bad' }, { id: 7 }, { id: 'o-4' }]),
  },
  {
    name: 'a batch that fails as a whole',
    fn: batch.handle(throws(new Error('no')) as never),
    fake: fakeBatch([GOOD, { id: 'o-2' }]),
  },
  {
    name: 'a batch with a result that is none',
    fn: batch.handle((() => [1]) as never),
    fake: fakeBatch([GOOD, { id: 'o-2' }]),
  },
  {
    name: 'several messages, one of which fails',
    fn: define('work', queue({ queue: 'orders', data: Data })).handle(async ({ data }) => {
      if (data.id === 'bad') throw new Error('no');
    }),
    fake: fakeBatch([GOOD, { id: 'bad' }, { id: 'o-3' }]),
  },
];

/** Messages, events and schedules, by topic. */
export const MESSAGES: Readonly<Record<string, readonly Recorded[]>> = {
  queue: ofKind('queue'),
  'queue-more': QUEUES,
  event: ofKind('event'),
  schedule: ofKind('schedule'),
};
