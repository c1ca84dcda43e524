import { setTimeout as sleep } from 'node:timers/promises';
import { bundle } from '../../test/hosts/bundle.ts';
import { startWorkers } from '../../test/hosts/workers-host.ts';
import { type DemoPlatform, fate, type Given, over } from './platform.ts';

/** The app on Cloudflare Workers: workerd itself. */
export async function onWorkers({ PAY_URL }: Pick<Given, 'PAY_URL'>): Promise<DemoPlatform> {
  const bundled = await bundle('examples/orders/deploy/cloudflare/worker.ts', 'workers');
  const host = await startWorkers(
    bundled,
    { PAY_URL },
    { ORDERS: 'orders', DEAD_LETTERS: 'sink' },
    { RECORDS: 'IdempotencyObject' },
  );
  return {
    platform: 'Cloudflare Workers',
    host: 'workerd',
    version: host.version,
    delays: true,
    standIns: [],
    request: (request) => over(host, request),
    async deliver(texts) {
      const { explicitAcks, retryMessages } = await host.deliver('orders', texts);
      const retried = new Map(retryMessages.map((message) => [message.msgId, message]));
      return texts.map((_, index) => {
        const id = `m-${index + 1}`;
        const message = retried.get(id);
        if (message) return message.delaySeconds ? 'retryLater' : 'retry';
        return explicitAcks.includes(id) ? 'ack' : 'unmarked';
      });
    },
    logs: () => host.logs(),
    async follow(orderIds) {
      const end = Date.now() + 20_000;
      for (;;) {
        const dead = ((await host.sink()) as { data: { event: { id: string } } }[]).map(({ data }) => data.event.id);
        const fates = orderIds.map((id) => fate(id, host.logs(), dead));
        if (!fates.includes('lost') || Date.now() > end) return fates;
        await sleep(50);
      }
    },
    async report(due) {
      await host.scheduled('30 3 * * MON-FRI', new Date(due));
    },
    stop: () => host.stop(),
  };
}
