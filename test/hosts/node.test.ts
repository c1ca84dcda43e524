import { expect, test } from 'vitest';
import { bundle } from './bundle.ts';
import { startNode } from './node-host.ts';

test('on SIGTERM a container finishes a request and its background work, and then exits', async () => {
  const host = await startNode(await bundle('test/hosts/apps/node-http.ts', 'node'), { GREETING: 'hello' });
  expect((await host.fetch('/healthz')).status).toBe(200);
  expect(await (await host.fetch('/later')).json()).toEqual({ done: 0 });
  expect(await host.stop()).toEqual({ code: 0, signal: null });
  await expect(host.fetch('/later')).rejects.toThrow();
});
