import { lambda } from '@tradewind/adapters/lambda/http';
import { exits } from './functions.ts';

export const handler = lambda(exits);
