import { cloudflare } from '@tradewind/adapters/cloudflare';
import { nightly } from './singles.ts';

export default cloudflare(nightly);
