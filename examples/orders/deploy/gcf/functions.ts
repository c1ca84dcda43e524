import * as functionsFramework from '@google-cloud/functions-framework';
import { PubSub } from '@google-cloud/pubsub';
import { gcf, on } from '@tradewind/adapters/gcf';
import { pubSub } from '@tradewind/adapters/google';
import { redisStore } from '@tradewind/idempotency/redis';
import { Redis } from 'ioredis';
import { getOrder, nightlyReport, ordering, shipped } from '../../functions.ts';

const topics = new PubSub();
const orders = pubSub(topics.topic('orders'));
const deadLetter = pubSub(topics.topic('orders-dead'));

// The records of the orders that were placed and charged.
const records = redisStore(new Redis(String(process.env.REDIS_URL), { maxRetriesPerRequest: 1, lazyConnect: true }));
const { charge, paymentMethods, placeOrder } = ordering(records);

gcf(
  functionsFramework,
  on(placeOrder, { send: { orders } }),
  getOrder,
  paymentMethods,
  on(charge, { deadLetter }),
  nightlyReport,
  shipped,
);
