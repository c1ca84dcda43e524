// One order: placed over HTTP, charged from a queue, shipped from another queue. Each function can run on any platform.
import { defineFunction, http, json, queue, sender, type Transport } from '@tradewind/core';
import { toStructured } from '@tradewind/core/adapter';
import { tracing } from '@tradewind/telemetry';
import { logSpans } from './logged-spans.ts';

logSpans();

/** Stands for a queue: messages are logged, and the test delivers them. */
export const carried: Transport = {
  async send(event) {
    console.log(`SENT ${JSON.stringify(toStructured(event))}`);
  },
};

const fn = defineFunction.use(tracing());
export const ship = fn('ship', queue({ queue: 'shipments' })).handle(() => {});
export const charge = fn('charge', queue({ queue: 'orders' })).handle(async ({ data }, context) => {
  await sender(ship)(context).send(data);
});
export const place = fn('place', http({ method: 'POST', path: '/orders' })).handle(async ({ body }, context) => {
  await sender(charge)(context).send(body);
  return json(202, {});
});
