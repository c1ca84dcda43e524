import { cloudflare, on } from '@tradewind/adapters/cloudflare';
import { carried, charge } from './functions.ts';

export default cloudflare(on(charge, { send: { shipments: carried } }));
