import { cloudflare } from '@tradewind/adapters/cloudflare';
import { breaks, charge, fails, greet, pay, placeOrder, streams, upload } from './functions.js';

export default cloudflare(placeOrder, charge, greet, pay, upload, fails, streams, breaks);
