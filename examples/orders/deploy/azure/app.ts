import { app } from '@azure/functions';
import { QueueServiceClient } from '@azure/storage-queue';
import { azure, on, storageQueue } from '@tradewind/adapters/azure';
import { redisStore } from '@tradewind/idempotency/redis';
import { Redis } from 'ioredis';
import { getOrder, nightlyReport, ordering, shipped } from '../../functions.ts';

app.setup({ enableHttpStream: true });

const queues = QueueServiceClient.fromConnectionString(String(process.env.AzureWebJobsStorage));
const orders = storageQueue(queues.getQueueClient('orders'));
const deadLetter = storageQueue(queues.getQueueClient('orders-dead'));

// The records of the orders that were placed and charged.
const records = redisStore(new Redis(String(process.env.REDIS_URL), { maxRetriesPerRequest: 1, lazyConnect: true }));
const { charge, paymentMethods, placeOrder } = ordering(records);

azure(
  app,
  on(placeOrder, { send: { orders } }),
  getOrder,
  paymentMethods,
  on(charge, { deadLetter, redeliver: orders }),
  on(nightlyReport, { retry: { strategy: 'fixedDelay', maxRetryCount: 3, delayInterval: 60_000 } }),
  shipped,
);
