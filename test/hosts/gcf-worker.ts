/**
 * Serves functions through Google's own Functions Framework on the loopback, because its command binds every address.
 *
 * Runs as a separate process: `node gcf-worker.ts <bundle> <name>...`. Its first line of output has the ports, by name.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { getTestServer } from '@google-cloud/functions-framework/testing';

const [bundled = '', ...names] = process.argv.slice(2);
await import(pathToFileURL(bundled).href);
const ports: Record<string, number> = {};
for (const name of names) {
  const server = getTestServer(name).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ports[name] = (server.address() as AddressInfo).port;
}
console.log(JSON.stringify(ports));
