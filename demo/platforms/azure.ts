import { startAzure } from '../../test/hosts/azure-host.ts';
import { storageMetadata } from '../../test/hosts/azure-rpc.ts';
import { startAzurite } from '../../test/hosts/azurite.ts';
import { bundle } from '../../test/hosts/bundle.ts';
import { type DemoPlatform, fate, type Given, orderIn, over } from './platform.ts';

/** The app on Azure Functions: the vendor's library with a stand-in for its host, and the vendor's queue emulator. */
export async function onAzure(given: Given): Promise<DemoPlatform> {
  const azurite = await startAzurite(['orders', 'orders-dead']);
  const bundled = await bundle('examples/orders/deploy/azure/app.ts', 'node');
  const host = await startAzure(bundled, { AzureWebJobsStorage: azurite.connection, ...given });
  const orders = azurite.service.getQueueClient('orders');
  let count = 0;
  return {
    platform: 'Azure Functions',
    host: 'stand-in, @azure/functions',
    version: host.version,
    delays: true,
    standIns: ["Azure's host, around its own library"],
    request: (request) => over(host, request),
    async deliver(texts) {
      const outcomes: string[] = [];
      for (const text of texts) {
        await orders.clearMessages();
        count += 1;
        const id = `m-${count}`;
        const metadata = storageMetadata(id, 1, new Date(), text);
        const { done } = await host.invoke({ name: 'charge', messages: [text], metadata });
        // A message that is retried later has been sent again with a delay.
        const { approximateMessagesCount: again = 0 } = await orders.getProperties();
        outcomes.push(done ? (again > 0 ? 'retryLater' : 'ack') : 'retry');
      }
      await orders.clearMessages();
      return outcomes;
    },
    logs: () => host.logs(),
    async follow(orderIds) {
      await azurite.drain('orders', host, 'charge');
      const dead = (await azurite.texts('orders-dead')).map(orderIn);
      return orderIds.map((id) => fate(id, host.logs(), dead));
    },
    async event({ type, data }) {
      const event = {
        id: '831e1650-001e-001b-66ab-eeb76e069631',
        topic: '/subscriptions/s/resourceGroups/r/providers/Microsoft.EventGrid/topics/warehouse',
        subject: 'orders',
        eventType: type,
        eventTime: '2026-01-01T00:00:00Z',
        data,
        dataVersion: '1.0',
        metadataVersion: '1',
      };
      return (await host.invoke({ name: 'shipped', data: { json: JSON.stringify(event) } })).done;
    },
    async report(due) {
      const timer = { IsPastDue: false, Schedule: { AdjustForDST: true }, ScheduleStatus: null };
      await host.invoke({ name: 'nightly-report', data: { json: JSON.stringify(timer) }, now: Date.parse(due) });
    },
    async stop() {
      await Promise.all([host.stop('SIGKILL'), azurite.stop()]);
    },
  };
}
