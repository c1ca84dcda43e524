import { env } from 'cloudflare:workers';
import { cloudflare, on, queueBinding } from '@tradewind/adapters/cloudflare';
import { durableObjectStore, type IdempotencyNamespace } from '@tradewind/idempotency/durable-object';
import { getOrder, nightlyReport, ordering } from '../../functions.ts';

// The records of the orders that were placed and charged.
export { IdempotencyObject } from '@tradewind/idempotency/durable-object';

const { RECORDS } = env as { RECORDS: IdempotencyNamespace };
const { charge, paymentMethods, placeOrder } = ordering(durableObjectStore(RECORDS));

// Workers have no event bus, so `shipped` is deployed on a platform that has one.
export default cloudflare(
  on(placeOrder, { send: { orders: queueBinding('ORDERS') } }),
  getOrder,
  paymentMethods,
  on(charge, { deadLetter: queueBinding('DEAD_LETTERS') }),
  nightlyReport,
);
