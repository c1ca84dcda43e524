import { PubSub } from '@google-cloud/pubsub';
import { pubSub } from '@tradewind/adapters/google';
import { node, on } from '@tradewind/adapters/node';
import { redisStore } from '@tradewind/idempotency/redis';
import { Redis } from 'ioredis';
import { getOrder, nightlyReport, ordering, shipped } from '../../functions.ts';

const topics = new PubSub();
const orders = pubSub(topics.topic('orders'));
const deadLetter = pubSub(topics.topic('orders-dead'));

// The records of the orders that were placed and charged.
const records = redisStore(new Redis(String(process.env.REDIS_URL), { maxRetriesPerRequest: 1, lazyConnect: true }));
const { charge, paymentMethods, placeOrder } = ordering(records);

// On Cloud Run, a Pub/Sub subscription pushes to /charge, Eventarc or another cloud posts to /shipped, and Cloud
// Scheduler posts to /nightly-report. The service is private, so Cloud Run authenticates them and the API's clients.
const { port } = await node(
  on(placeOrder, { send: { orders } }),
  getOrder,
  paymentMethods,
  on(charge, { deadLetter }),
  nightlyReport,
  shipped,
).listen({ messages: 'platform' });
console.log(port);
