import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { defineFunction } from '../function/define.js';
import { http } from '../http/trigger.js';
import { toDelivery } from '../messages/data.js';
import type { CloudEvent } from '../messages/event.js';
import { event as eventTrigger } from '../messages/event-trigger.js';
import { queue } from '../messages/queue.js';
import { deliver, fakeHttp, fakeMessage, invoke, memory, virtualClock } from '../testing/index.js';
import { sender } from './sender.js';
import { reject } from './signal.js';
import { toStructured, unwrapped } from './structured.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const charge = defineFunction('charge', queue({ queue: 'orders', data: z.object({ id: z.string() }) })).handle(
  () => {},
);
const place = (send = sender(charge)) =>
  defineFunction
    .logger(quiet)('place', http({ method: 'POST', path: '/' }))
    .handle(async (_event, context) => {
      await send(context).send({ id: '1' }, { id: 'o-1', delay: 5, group: 'g', subject: 's', extensions: { a: 'b' } });
    });

describe('a sender', () => {
  test('sends with the transport that is configured for the queue', async () => {
    const orders = memory();
    const clock = virtualClock(1_000);
    expect((await invoke(place(), fakeHttp(), { clock, wiring: { send: { orders } } })).status).toBe(204);
    expect(orders.sent).toEqual([
      {
        event: {
          id: 'o-1',
          source: '/tradewind/place',
          type: 'tradewind.message',
          time: '1970-01-01T00:00:01.000Z',
          subject: 's',
          extensions: { a: 'b' },
          data: { id: '1' },
        },
        options: { delay: 5, group: 'g' },
      },
    ]);
  });

  test('sends with its own transport if it has one', async () => {
    const own = memory();
    await invoke(place(sender(charge, own)), fakeHttp());
    expect(own.sent).toHaveLength(1);
  });

  test('without a transport throws an error that says what to do', async () => {
    const lines: unknown[] = [];
    const fn = defineFunction
      .logger({ ...quiet, error: (...line) => lines.push(line) })('place', http({ method: 'POST', path: '/' }))
      .handle((_event, context) => sender(charge)(context).send({ id: '1' }));
    expect((await invoke(fn, fakeHttp())).status).toBe(500);
    expect(String((lines[0] as { error: Error }[])[1]?.error)).toContain(
      "'place' sends to 'orders', but has no transport for it: deploy it as on(place, { send: { 'orders': ... } })",
    );
  });

  describe('to an event function', () => {
    const shipped = defineFunction(
      'shipped',
      eventTrigger({ type: 'order.shipped', data: z.object({ id: z.string() }) }),
    ).handle(() => {});
    const ship = defineFunction
      .logger(quiet)('ship', http({ method: 'POST', path: '/' }))
      .handle((_event, context) => sender(shipped)(context).send({ id: '1' }));

    test('sends events of its type with the transport for that type', async () => {
      const bus = memory();
      const wiring = { send: { 'order.shipped': bus } };
      expect((await invoke(ship, fakeHttp(), { wiring })).status).toBe(204);
      expect(bus.sent[0]?.event).toMatchObject({
        source: '/tradewind/ship',
        type: 'order.shipped',
        data: { id: '1' },
      });
    });

    test('without a transport throws an error that names the type', async () => {
      const error = vi.fn();
      const loud = defineFunction
        .logger({ ...quiet, error })('ship', http({ method: 'POST', path: '/' }))
        .handle((_event, context) => sender(shipped)(context).send({ id: '1' }));
      expect((await invoke(loud, fakeHttp(), { wiring: { send: { shipped: memory() } } })).status).toBe(500);
      expect(String(error.mock.lastCall?.[1].error)).toContain(
        "'ship' sends to 'order.shipped', but has no transport for it: deploy it as on(ship, { send: { 'order.shipped': ... } })",
      );
    });
  });

  test('rejects if the transport does, so that the request fails', async () => {
    const orders = { send: () => Promise.reject(new Error('full')) };
    expect((await invoke(place(), fakeHttp(), { wiring: { send: { orders } } })).status).toBe(500);
  });

  test('works in a context whose members layers have shadowed', async () => {
    const orders = memory();
    const fn = defineFunction('place', http({ method: 'POST', path: '/' }))
      .use(async (_event, _context, next) => next({ now: 1, wiring: 2, fork: 3 }))
      .handle(async (_event, context) => sender(charge)(context).send({ id: '1' }));
    await invoke(fn, fakeHttp(), { wiring: { send: { orders } } });
    expect(orders.sent).toHaveLength(1);
  });
});

describe('a structured event', () => {
  const event = (data: unknown): CloudEvent => ({ id: 'outer', source: '/s', type: 't', extensions: { own: 1 }, data });

  test('is unchanged after a round trip through JSON', () => {
    const text = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(text, text, text, fc.jsonValue(), (id, source, type, data) => {
        const sent = { id, source, type, time: '1970-01-01T00:00:00Z', extensions: { group: 'g' }, data };
        const came = unwrapped(event(JSON.parse(JSON.stringify(toStructured(sent)))));
        expect(came).toMatchObject({ ...sent, data: JSON.parse(JSON.stringify(data)) });
        expect(came.extensions).toEqual({ own: 1, group: 'g' });
      }),
    );
  });

  test.each([
    ['another version', { specversion: '0.3', id: 'a', source: 's', type: 't', data: 1 }],
    ['no id', { specversion: '1.0', source: 's', type: 't', data: 1 }],
    ['an id that is no text', { specversion: '1.0', id: 7, source: 's', type: 't', data: 1 }],
    ['an empty id', { specversion: '1.0', id: '', source: 's', type: 't', data: 1 }],
    ['an order with a type', { id: 'a', source: 's', type: 't' }],
    ['null', null],
    ['a text', 'x'],
    ['a list', [1]],
  ])('is not recognised with %s', (_name, data) => {
    const came = event(data);
    expect(unwrapped(came)).toBe(came);
  });

  test('keeps only text attributes, decodes its bytes, and prefers the extensions of the platform', () => {
    const wrong = { time: 5, subject: null, traceparent: { a: 1 }, messagegroupid: 'forged', own: 2 };
    const data = { specversion: '1.0', id: 'i', source: 's', type: 't', ...wrong, data_base64: 'aGVsbG8=' };
    expect(unwrapped({ ...event(data), extensions: { messagegroupid: 'A' } })).toEqual({
      id: 'i',
      source: 's',
      type: 't',
      extensions: { messagegroupid: 'A', own: 2 },
      data: new TextEncoder().encode('hello'),
    });
  });
});

test('bytes survive a transport and a dead letter', async () => {
  const data = new Uint8Array([0, 255, 128, 10]);
  const event = { id: '1', source: '/s', type: 't', extensions: {}, data };
  const sent = JSON.parse(JSON.stringify(toStructured(event)));
  expect(sent).toMatchObject({ data_base64: 'AP+ACg==', datacontenttype: 'application/octet-stream' });
  expect(toDelivery({ ...event, data: sent }, 1).event.data).toEqual(data);
  const large = { ...event, data: new Uint8Array(300_000) };
  expect(toStructured(large).data_base64).toHaveLength(400_000);
  const deadLetter = memory();
  const fn = defineFunction('f', queue({ queue: 'q' })).handle(() => {
    throw reject('poison');
  });
  await deliver(fn, fakeMessage(data), { wiring: { deadLetter } });
  expect(deadLetter.sent[0]?.event.data).toMatchObject({ event: { data: undefined, data_base64: 'AP+ACg==' } });
});

test('a structured event has its own trace, or else that of the message', () => {
  const inner = { specversion: '1.0', id: 'i', source: 's', type: 't', data: 1 };
  const outer = { id: 'o', source: '/o', type: 'o', extensions: {}, traceparent: '00-a', tracestate: 'x=1' };
  expect(unwrapped({ ...outer, data: inner })).toMatchObject({ id: 'i', traceparent: '00-a', tracestate: 'x=1' });
  const traced = unwrapped({ ...outer, data: { ...inner, traceparent: '00-b' } });
  expect([traced.traceparent, traced.tracestate]).toEqual(['00-b', undefined]);
});

test('data that JSON would write as {} is not sent', async () => {
  const sent = vi.fn();
  const to = defineFunction('to', queue({ queue: 'q' })).handle(() => {});
  const from = defineFunction('from', queue({ queue: 'p' })).handle(async (_event, context) => {
    await sender(to, { send: sent })(context).send({ prices: new Map([['a', 1]]) });
  });
  await expect(invoke(from, fakeMessage(1))).rejects.toThrow('JSON cannot represent [object Map]');
  expect(sent).not.toHaveBeenCalled();
});
