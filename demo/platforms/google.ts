import { bundle } from '../../test/hosts/bundle.ts';
import { startGcf } from '../../test/hosts/gcf-host.ts';
import { overEventarc, PubSubStandIn } from '../../test/hosts/pub-sub-stand-in.ts';
import { type DemoPlatform, type Given, over } from './platform.ts';
import { deliverOver, followOver, pubSubVariables } from './pub-sub.ts';

/** The app on Google Cloud Run functions: Google's own Functions Framework. */
export async function onGoogle(given: Given): Promise<DemoPlatform> {
  const pubsub = new PubSubStandIn();
  const names = ['http', 'charge', 'shipped', 'nightly-report'];
  const bundled = await bundle('examples/orders/deploy/gcf/functions.ts', 'node');
  const host = await startGcf(bundled, names, { ...pubSubVariables(await pubsub.listen()), ...given });
  const post = async (name: string, init: RequestInit): Promise<boolean> => (await host.fetch(name, '/', init)).ok;
  const charge = (push: object): Promise<boolean> => post('charge', overEventarc(push, 'orders'));
  return {
    platform: 'Google Cloud',
    host: 'functions-framework',
    version: host.version,
    delays: false,
    standIns: ['Pub/Sub, behind its own client'],
    request: (request) => over({ fetch: (path, init) => host.fetch('http', path, init) }, request),
    deliver: (texts) => deliverOver(charge, texts),
    logs: () => host.logs(),
    follow: (orderIds) => followOver(pubsub, charge, orderIds, host.logs),
    event: ({ type, data }) =>
      post('shipped', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'ce-specversion': '1.0',
          'ce-id': 'e-1',
          'ce-source': '/warehouse',
          'ce-type': type,
        },
        body: JSON.stringify(data),
      }),
    async report(due) {
      const publishTime = new Date(Date.parse(due) + 400).toISOString();
      const push = {
        message: { messageId: '1', publishTime, data: '' },
        subscription: 'projects/demo/subscriptions/n',
      };
      await post('nightly-report', overEventarc(push, 'nightly'));
    },
    async stop() {
      await host.stop('SIGKILL');
      pubsub.close();
    },
  };
}
