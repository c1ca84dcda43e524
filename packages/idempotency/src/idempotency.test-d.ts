import {
  type Context,
  defineFunction,
  event,
  type HttpEvent,
  http,
  json,
  queue,
  reply,
  schedule,
} from '@tradewind/core';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { type Idempotency, idempotency, idempotencyKeyHeader, idempotent, memoryStore } from './index.js';

const Order = z.object({ orderId: z.string(), qty: z.coerce.number() });
const store = memoryStore();
const post = http({ method: 'POST', path: '/orders/:id', body: Order });
const orders = queue({ queue: 'orders', data: Order });

test('key, scope and onTakeover get the event and what layers added', () => {
  defineFunction('f', post)
    .use(async (_event, _context, next) => next({ user: 'ada' }))
    .use(
      idempotency({
        store,
        key: ({ body, params }) => body.orderId + params.id,
        scope: (_event, { user }) => user,
        fingerprint: ({ body }) => body.qty,
        onTakeover: ({ body }, { idempotency, user }) => {
          expectTypeOf(idempotency).toEqualTypeOf<Idempotency>();
          return body.qty > idempotency.fence ? reply(json(200, user)) : undefined;
        },
      }),
    )
    .handle((_event, { idempotency, user }) => {
      expectTypeOf(idempotency).toEqualTypeOf<Idempotency>();
      return user + idempotency.key;
    });
});

test('idempotencyKeyHeader is a key', () => {
  defineFunction('f', post)
    .use(idempotency({ store, key: idempotencyKeyHeader({ required: false }), scope: 'global', wait: 1_000 }))
    .handle(() => 1);
});

test('messages have a default key, and may have another', () => {
  defineFunction('f', orders)
    .use(idempotency({ store }))
    .handle((_event, { idempotency }) => idempotency.fence);
  defineFunction('f', orders)
    .use(idempotency({ store, key: ({ data }) => data.orderId }))
    .handle(({ data }) => data.qty);
  defineFunction('f', schedule({ cron: '0 3 * * *' }))
    .use(idempotency({ store, key: ({ time }) => time }))
    .handle(() => 1);
  defineFunction('f', event({ type: 't', data: Order }))
    .use(idempotency({ store, key: ({ data }) => data.orderId }))
    .handle(() => 1);
});

test('a batch has one entry per message', () => {
  defineFunction('f', orders.batch())
    .use(idempotency({ store, key: ({ data, deliveryAttempt }) => data.orderId + deliveryAttempt }))
    .handle((_event, { idempotency }) => {
      expectTypeOf(idempotency).toEqualTypeOf<readonly Idempotency[]>();
    });
});

test('a store may come from the context', () => {
  const base = defineFunction.env(z.object({ PREFIX: z.string() }));
  base('f', orders)
    .use(idempotency({ store: ({ env }) => (env.PREFIX ? store : memoryStore()) }))
    .handle(() => 1);
});

test('a layer on its own states its event', () => {
  const layer = idempotency<HttpEvent, Context>({ store, key: ({ path }) => path, scope: 'global' });
  defineFunction('f', post)
    .use(layer)
    .handle(() => 1);
  // @ts-expect-error it is for HTTP
  defineFunction('f', orders).use(layer);
});

test('invalid options do not compile', () => {
  // @ts-expect-error the scope is missing
  defineFunction('f', post).use(idempotency({ store, key: ({ body }) => body.orderId }));
  // @ts-expect-error a request has no default key
  defineFunction('f', post).use(idempotency({ store, scope: 'global' }));
  // @ts-expect-error no store
  defineFunction('f', orders).use(idempotency({}));
  // @ts-expect-error no such member
  defineFunction('f', orders).use(idempotency({ store, key: ({ data }) => data.orderID }));
  // @ts-expect-error a message does not wait
  defineFunction('f', orders).use(idempotency({ store, wait: 1_000 }));
  // @ts-expect-error the key must be a string
  defineFunction('f', orders).use(idempotency({ store, key: ({ data }) => data.qty }));
});

test('a plain function keeps the types of its input and its value', () => {
  const charge = idempotent(async ({ id }: { id: string }, { fence, signal }) => ({ id, fence, is: signal.aborted }), {
    name: 'charge',
    store,
    key: ({ id }) => id,
    fingerprint: ({ id }) => id,
  });
  expectTypeOf(charge).parameter(0).toEqualTypeOf<{ id: string }>();
  expectTypeOf(charge).returns.resolves.toEqualTypeOf<{ id: string; fence: number; is: boolean }>();
  defineFunction('f', orders).handle((_event, context) => charge({ id: '1' }, context));
  // @ts-expect-error no name
  idempotent(async (id: string) => id, { store, key: (id) => id });
  // @ts-expect-error no such member
  idempotent(async (order: { id: string }) => order, { name: 'f', store, key: ({ ID }) => ID });
  // @ts-expect-error the store cannot be a function: there is no context
  idempotent(async (id: string) => id, { name: 'f', store: () => store, key: (id) => id });
});
