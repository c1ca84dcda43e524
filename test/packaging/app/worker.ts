import { cloudflare } from '@tradewind/adapters/cloudflare';
import { breaks, charge, fails, greet, placeOrder, streams, upload } from './functions.js';

export default cloudflare(placeOrder, charge, greet, upload, fails, streams, breaks);
