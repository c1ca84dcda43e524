import { lambda } from '@tradewind/adapters/lambda/queue';
import { charge } from '../../functions.ts';

export const handler = lambda(charge);
