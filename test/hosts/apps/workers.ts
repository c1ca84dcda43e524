import { cloudflare } from '@tradewind/adapters/cloudflare';
import { HTTP, work } from './functions.ts';

export default cloudflare(...HTTP, work);
