import { lambda } from '@tradewind/adapters/lambda';
import { shipped } from './singles.ts';

export const handler = lambda(shipped);
