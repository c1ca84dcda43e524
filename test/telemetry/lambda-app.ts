import { lambda } from '@tradewind/adapters/lambda';
import { ship } from './functions.ts';

export const handler = lambda(ship);
