import { bundle } from '../../test/hosts/bundle.ts';
import { startNode } from '../../test/hosts/node-host.ts';
import { PubSubStandIn } from '../../test/hosts/pub-sub-stand-in.ts';
import { type DemoPlatform, type Given, over } from './platform.ts';
import { deliverOver, followOver, pubSubVariables } from './pub-sub.ts';

/** The app on a Node server, as in a container on Cloud Run. */
export async function onNode(given: Given): Promise<DemoPlatform> {
  const pubsub = new PubSubStandIn();
  const env = { ...pubSubVariables(await pubsub.listen()), PORT: '0', ...given };
  const host = await startNode(await bundle('examples/orders/deploy/node/server.ts', 'node'), env);
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<boolean> => {
    const all = { 'content-type': 'application/json', ...headers };
    return (await host.fetch(path, { method: 'POST', headers: all, body: JSON.stringify(body) })).ok;
  };
  const charge = (push: object): Promise<boolean> => post('/charge', push);
  return {
    platform: 'Node',
    host: 'node:http',
    version: process.version.slice(1),
    delays: false,
    standIns: [],
    request: (request) => over(host, request),
    deliver: (texts) => deliverOver(charge, texts),
    logs: () => host.logs(),
    follow: (orderIds) => followOver(pubsub, charge, orderIds, host.logs),
    event: ({ type, data }) =>
      post(
        '/shipped',
        { specversion: '1.0', id: 'e-1', source: '/warehouse', type, data },
        { 'content-type': 'application/cloudevents+json' },
      ),
    async report(due) {
      await post('/nightly-report', {}, { 'x-cloudscheduler': 'true', 'x-cloudscheduler-scheduletime': due });
    },
    async stop() {
      await host.stop('SIGKILL');
      pubsub.close();
    },
  };
}
