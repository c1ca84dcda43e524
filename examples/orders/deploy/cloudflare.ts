import { cloudflare } from '@tradewind/adapters/cloudflare';
import { charge, getOrder, placeOrder } from '../functions.ts';

export default cloudflare(placeOrder, getOrder, charge);
