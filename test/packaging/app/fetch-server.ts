import { cloudflare } from '@tradewind/adapters/cloudflare';
import { breaks, fails, greet, pay, placeOrder, streams, upload } from './functions.js';
import { env } from './runtime.js';

const app = cloudflare(placeOrder, greet, pay, upload, fails, streams, breaks);

export default { fetch: (request: Request) => app.fetch(request, env, { waitUntil() {} }) };
