import { PubSub } from '@google-cloud/pubsub';
import { pubSub } from '@tradewind/adapters/google';
import { node, on } from '@tradewind/adapters/node';
import { charge, getOrder, nightlyReport, placeOrder, shipped } from '../../functions.ts';

const topics = new PubSub();
const orders = pubSub(topics.topic('orders'));
const deadLetter = pubSub(topics.topic('orders-dead'));

// Cloud Run: subscriptions push to /charge, Eventarc or any other cloud posts to /shipped, Cloud Scheduler to /nightly-report.
const { port } = await node(
  on(placeOrder, { send: { orders } }),
  getOrder,
  on(charge, { deadLetter }),
  nightlyReport,
  shipped,
).listen();
console.log(port);
