import { cloudflare } from '@tradewind/adapters/cloudflare';
import { jobs } from './delivery.ts';

export default cloudflare(jobs({ done() {} }));
