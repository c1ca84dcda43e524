import { lambda } from '@tradewind/adapters/lambda';
import { HTTP } from './functions.ts';

export const handler = lambda(...HTTP);
