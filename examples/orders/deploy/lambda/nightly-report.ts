import { lambda } from '@tradewind/adapters/lambda';
import { nightlyReport } from '../../functions.ts';

export const handler = lambda(nightlyReport);
