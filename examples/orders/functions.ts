import { defineFunction, event, http, json, queue, schedule, sender } from '@tradewind/core';
import { type IdempotencyStore, idempotency, idempotencyKeyHeader } from '@tradewind/idempotency';
import { tracing } from '@tradewind/telemetry';
import { z } from 'zod';
import { Order } from './order.ts';
import { PaymentsEnv, payments } from './payments.ts';

// One order is one trace, on whichever clouds it is handled. Without an OpenTelemetry SDK, nothing is traced.
const traced = defineFunction.use(tracing());

/**
 * The functions that must run once per order, across all instances: each deployment passes in its idempotency store.
 */
export function ordering(store: IdempotencyStore) {
  const { pay, methods } = payments();
  const paying = traced.env(PaymentsEnv);

  /**
   * Charges one order from the queue. If it returns, the message is done; if it throws, the message is redelivered; if
   * it rejects it, the message is a dead letter. No order is charged twice. While the payment service is down, orders
   * are redelivered later.
   */
  const charge = paying('charge', queue({ queue: 'orders', data: Order, timeout: 2_000 }))
    .use(idempotency({ store, key: ({ data }) => data.orderId }))
    .handle(async ({ data }, context) => {
      const payment = await pay(data, context.idempotency.key, context);
      context.log.info('Order charged.', { orderId: data.orderId, deliveryAttempt: context.deliveryAttempt });
      return payment;
    });

  /** Sends to the queue that is configured where the function is deployed. Typed by the data of `charge`. */
  const orders = sender(charge);

  /**
   * Accepts an order over HTTP and sends it to `charge`. A repeated request with the same key gets the first response.
   */
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

  /** Returns how an order can be paid. An invoice is always possible. */
  const paymentMethods = paying('payment-methods', http({ method: 'GET', path: '/payment-methods' })).handle(
    async (_event, context) => ({ methods: await methods(context) }),
  );

  return { charge, placeOrder, paymentMethods };
}

/** Returns an order. */
export const getOrder = traced('get-order', http({ method: 'GET', path: '/orders/:id' })).handle(
  ({ params, query }) => ({ orderId: params.id, expand: query.expand ?? null }),
);

/** Makes a report on the previous day, every night from Monday to Friday. */
export const nightlyReport = traced('nightly-report', schedule({ cron: '30 3 * * MON-FRI' })).handle(
  ({ time }, { log }) => {
    const day = new Date(Date.parse(time) - 86_400_000).toISOString().slice(0, 10);
    log.info('Day reported.', { day });
    return { day };
  },
);

/** Handles the event that an order has left the warehouse, whose software runs on another cloud. */
export const shipped = traced(
  'shipped',
  event({ type: 'order.shipped', data: z.object({ orderId: z.string(), carrier: z.string() }) }),
).handle(({ data }, { log }) => {
  log.info('Order shipped.', data);
});
