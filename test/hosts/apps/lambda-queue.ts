import { lambda } from '@tradewind/adapters/lambda/queue';
import { work } from './functions.ts';

export const handler = lambda(work);
