import { lambda } from '@tradewind/adapters/lambda';
import { nightly } from './singles.ts';

export const handler = lambda(nightly);
