import { app } from '@azure/functions';
import { QueueServiceClient } from '@azure/storage-queue';
import { azure, on, storageQueue } from '@tradewind/adapters/azure';
import { charge, getOrder, nightlyReport, placeOrder, shipped } from '../../functions.ts';

app.setup({ enableHttpStream: true });

const queues = QueueServiceClient.fromConnectionString(String(process.env.AzureWebJobsStorage));
const orders = storageQueue(queues.getQueueClient('orders'));
const deadLetter = storageQueue(queues.getQueueClient('orders-dead'));

azure(
  app,
  on(placeOrder, { send: { orders } }),
  getOrder,
  on(charge, { deadLetter, redeliver: orders }),
  on(nightlyReport, { retry: { strategy: 'fixedDelay', maxRetryCount: 3, delayInterval: 60_000 } }),
  shipped,
);
