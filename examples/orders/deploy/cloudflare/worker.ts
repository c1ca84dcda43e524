import { cloudflare, on, queueBinding } from '@tradewind/adapters/cloudflare';
import { charge, getOrder, placeOrder } from '../functions.ts';

export default cloudflare(
  on(placeOrder, { send: { orders: queueBinding('ORDERS') } }),
  getOrder,
  on(charge, { deadLetter: queueBinding('DEAD_LETTERS') }),
);
