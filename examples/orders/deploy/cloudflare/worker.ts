import { cloudflare, on, queueBinding } from '@tradewind/adapters/cloudflare';
import { charge, getOrder, nightlyReport, placeOrder } from '../../functions.ts';

// Workers have no events of a bus, so `shipped` stays where there are some.
export default cloudflare(
  on(placeOrder, { send: { orders: queueBinding('ORDERS') } }),
  getOrder,
  on(charge, { deadLetter: queueBinding('DEAD_LETTERS') }),
  nightlyReport,
);
