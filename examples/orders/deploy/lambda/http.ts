import { SQS } from '@aws-sdk/client-sqs';
import { sqs } from '@tradewind/adapters/aws';
import { lambda, on } from '@tradewind/adapters/lambda';
import { getOrder, placeOrder } from '../../functions.ts';

const orders = sqs(new SQS(), () => String(process.env.ORDERS_URL));

export const handler = lambda(on(placeOrder, { send: { orders } }), getOrder);
