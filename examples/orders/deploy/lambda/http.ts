import { lambda } from '@tradewind/adapters/lambda';
import { getOrder, placeOrder } from '../../functions.ts';

export const handler = lambda(placeOrder, getOrder);
