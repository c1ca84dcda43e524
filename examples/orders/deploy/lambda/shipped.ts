import { lambda } from '@tradewind/adapters/lambda';
import { shipped } from '../../functions.ts';

export const handler = lambda(shipped);
