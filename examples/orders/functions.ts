import { defineFunction, event, http, json, queue, schedule, sender } from '@tradewind/core';
import { type IdempotencyStore, idempotency, idempotencyKeyHeader } from '@tradewind/idempotency';
import { tracing } from '@tradewind/telemetry';
import { z } from 'zod';
import { Order } from './order.ts';
import { PaymentsEnv, payments } from './payments.ts';

// One order is one trace, whichever clouds it goes through; without an SDK of OpenTelemetry's nothing is traced.
const traced = defineFunction.use(tracing());

/** What is to happen once an order: over the store of the deployment, among all of its instances. */
export function ordering(store: IdempotencyStore) {
  const { pay, methods } = payments();
  const paying = traced.env(PaymentsEnv);

  /**
   * Charges one order from the queue: return and the message is done, throw and it comes again, reject it and it is a dead
   * letter. An order that was charged is not charged again; while the payment service is out it comes again later.
   */
  const charge = paying('charge', queue({ queue: 'orders', data: Order, timeout: 2_000 }))
    .use(idempotency({ store, key: ({ data }) => data.orderId }))
    .handle(async ({ data }, context) => {
      const payment = await pay(data, context.idempotency.key, context);
      context.log.info('Order charged.', { orderId: data.orderId, deliveryAttempt: context.deliveryAttempt });
      return payment;
    });

  /** To whatever queue the function is given where it is deployed; typed by what `charge` takes. */
  const orders = sender(charge);

  /** Takes an order over HTTP and hands it to `charge`. A client that asks again with its key has the first answer again. */
  const placeOrder = traced('place-order', http({ method: 'POST', path: '/orders', body: Order, maxBodySize: 16_384 }))
    .use(
      idempotency({
        store,
        key: idempotencyKeyHeader({ required: false }),
        scope: ({ headers }) => headers.get('authorization') ?? 'anybody',
      }),
    )
    .handle(async ({ body }, context) => {
      await orders(context).send(body, { id: body.orderId });
      context.log.info('Order placed.', { orderId: body.orderId });
      return json(202, { orderId: body.orderId, items: body.items.length });
    });

  /** Says how an order can be paid: by invoice in any case. */
  const paymentMethods = paying('payment-methods', http({ method: 'GET', path: '/payment-methods' })).handle(
    async (_event, context) => ({ methods: await methods(context) }),
  );

  return { charge, placeOrder, paymentMethods };
}

/** Says what is known of an order. */
export const getOrder = traced('get-order', http({ method: 'GET', path: '/orders/:id' })).handle(
  ({ params, query }) => ({ orderId: params.id, expand: query.expand ?? null }),
);

/** Reports every night, from Monday to Friday, on the day that has ended. */
export const nightlyReport = traced('nightly-report', schedule({ cron: '30 3 * * MON-FRI' })).handle(
  ({ time }, { log }) => {
    const day = new Date(Date.parse(time) - 86_400_000).toISOString().slice(0, 10);
    log.info('Day reported.', { day });
    return { day };
  },
);

/** Hears of it when an order has left the warehouse, whose software runs on another cloud. */
export const shipped = traced(
  'shipped',
  event({ type: 'order.shipped', data: z.object({ orderId: z.string(), carrier: z.string() }) }),
).handle(({ data }, { log }) => {
  log.info('Order shipped.', data);
});
