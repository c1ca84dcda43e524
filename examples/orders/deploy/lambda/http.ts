import { SQS } from '@aws-sdk/client-sqs';
import { sqs } from '@tradewind/adapters/aws';
import { lambda, on } from '@tradewind/adapters/lambda';
import { getOrder, ordering } from '../../functions.ts';
import { records } from './records.ts';

const orders = sqs(new SQS(), () => String(process.env.ORDERS_URL));

const { paymentMethods, placeOrder } = ordering(records);
export const handler = lambda(on(placeOrder, { send: { orders } }), getOrder, paymentMethods);
