import { cloudflare, on, queueBinding } from '@tradewind/adapters/cloudflare';
import { jobs } from './delivery.ts';

// The binding does not exist, so the sink fails.
export default cloudflare(on(jobs({ done() {} }), { deadLetter: queueBinding('NOWHERE') }));
