import * as functionsFramework from '@google-cloud/functions-framework';
import { PubSub } from '@google-cloud/pubsub';
import { gcf, on } from '@tradewind/adapters/gcf';
import { pubSub } from '@tradewind/adapters/google';
import { charge, getOrder, nightlyReport, placeOrder, shipped } from '../../functions.ts';

const topics = new PubSub();
const orders = pubSub(topics.topic('orders'));
const deadLetter = pubSub(topics.topic('orders-dead'));

gcf(
  functionsFramework,
  on(placeOrder, { send: { orders } }),
  getOrder,
  on(charge, { deadLetter }),
  nightlyReport,
  shipped,
);
