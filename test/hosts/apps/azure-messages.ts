import { app } from '@azure/functions';
import { azure, on } from '@tradewind/adapters/azure';
import { bulk, nightly, shipped, sink, texts, work } from './messages.ts';

azure(
  app,
  on(work, { deadLetter: sink }),
  texts,
  on(bulk, { source: 'serviceBus', connection: 'BUS' }),
  nightly,
  shipped,
);

// What the library makes of a text if bytes are not requested.
app.storageQueue('naive', {
  queueName: 'naive',
  connection: 'AzureWebJobsStorage',
  handler: (message) => console.log(`naive ${String(message)}`),
});
