import { defineFunction, http, json, queue } from '@tradewind/core';
import { idempotency, idempotencyKeyHeader, idempotent, memoryStore } from '@tradewind/idempotency';
import { z } from 'zod';

const Order = z.object({ orderId: z.string(), qty: z.number().int().positive() });

export const placeOrder = defineFunction(
  'place-order',
  http({ method: 'POST', path: '/orders/:customer', body: Order }),
).handle(({ body, params }) =>
  json(202, { id: body.orderId, for: params.customer }, { cookies: ['seen=1; Path=/', 'last=o-1; HttpOnly'] }),
);

export const charge = defineFunction('charge', queue({ queue: 'orders', data: Order })).handle(({ data }, { log }) => {
  if (data.qty > 100) throw new Error('Nobody has so many.');
  log.info('Charging.', { orderId: data.orderId });
});

const store = memoryStore();
let payments = 0;
export const pay = defineFunction('pay', http({ method: 'POST', path: '/pay', body: Order }))
  .use(idempotency({ store, key: idempotencyKeyHeader(), scope: 'global' }))
  .handle(({ body }) => json(201, { id: body.orderId, payment: ++payments }));

let runs = 0;
export const payOnce = idempotent(async (orderId: string) => ({ orderId, run: ++runs }), {
  name: 'pay-once',
  store,
  key: (orderId) => orderId,
});

export const greet = defineFunction
  .env(z.object({ GREETING: z.string() }))('greet', http({ method: 'GET', path: '/greet/:name' }))
  .handle(({ params }, { env }) => `${env.GREETING} ${params.name}`);

export const upload = defineFunction('upload', http({ method: 'POST', path: '/upload' })).handle(({ body }) => {
  if (body instanceof FormData) return { form: [...body.keys()] };
  return body instanceof Uint8Array ? { bytes: body.length } : { body };
});

export const fails = defineFunction('fails', http({ method: 'GET', path: '/fails' })).handle(() => {
  throw new Error('a secret');
});

export const later = defineFunction('later', http({ method: 'GET', path: '/later' })).handle(
  (_event, { log, waitUntil }) => {
    const work = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      log.info('Done in the background.');
    };
    waitUntil(work());
  },
);

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param end - how the stream goes on after its first word: to its end, until it fails, or not at all. */
const words = (end: 'whole' | 'breaks' | 'waits'): ReadableStream<Uint8Array> => {
  const left = ['one ', 'two ', 'three'];
  let isCancelled = false;
  return new ReadableStream({
    async pull(controller) {
      const word = left.shift();
      if (word !== 'one ') await sleep(50);
      while (word === 'two ' && end === 'waits' && !isCancelled) await sleep(20);
      if (isCancelled) return;
      if (end === 'breaks' && word === 'three') controller.error(new Error('It breaks off.'));
      else if (word === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(word));
    },
    cancel() {
      isCancelled = true;
    },
  });
};

export const streams = defineFunction('streams', http({ method: 'GET', path: '/streams' })).handle(({ query }) =>
  words(query.waits === undefined ? 'whole' : 'waits'),
);
export const breaks = defineFunction('breaks', http({ method: 'GET', path: '/breaks' })).handle(() => words('breaks'));
