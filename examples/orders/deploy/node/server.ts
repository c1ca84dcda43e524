import { SQS } from '@aws-sdk/client-sqs';
import { sqs } from '@tradewind/adapters/aws';
import { node, on } from '@tradewind/adapters/node';
import { getOrder, placeOrder } from '../functions.ts';

const orders = sqs(new SQS(), () => String(process.env.ORDERS_URL));

const { port } = await node(on(placeOrder, { send: { orders } }), getOrder).listen();
console.log(port);
