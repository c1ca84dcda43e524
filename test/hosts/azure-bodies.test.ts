/** Bodies that are not read to their end, on Azure's own library: its host sends many requests over one connection. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AzureHost, startAzure } from './azure-host.ts';
import { bundle } from './bundle.ts';

const MIB = new Uint8Array(1_024 * 1_024);

/** A body without a length, so that it is known to be too large only once it has been read. */
function chunked(megabytes: number): RequestInit {
  let left = megabytes * 16;
  const body = new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(MIB.subarray(0, 65_536));
      else controller.close();
    },
  });
  return { method: 'POST', body, duplex: 'half' } as RequestInit;
}

describe.each([
  ['without HTTP streams', {}],
  ['with HTTP streams', { STREAMS: 'yes' }],
])('%s', (_name, env) => {
  let host: AzureHost;
  beforeAll(async () => {
    host = await startAzure(await bundle('test/hosts/apps/azure-bodies.ts', 'node'), env);
  });
  afterAll(() => host.stop());

  test.each([
    ['too-large', 413],
    ['unread', 200],
    ['abandoned', 200],
    ['cancelled', 200],
    ['half-cancelled', 200],
    ['streamed', 200],
    ['teed', 200],
    ['thrown', 500],
    ['late', 504],
  ])('%s, and the next request is answered over the same connection', async (name, status) => {
    const path = `/${name}`;
    for (const init of [chunked(2), { method: 'POST', body: MIB }, chunked(2)]) {
      const answer = await host.fetch(path, init);
      expect(answer.status).toBe(status);
      await answer.arrayBuffer();
      const next = await host.fetch('/whole', { method: 'POST', body: 'abc', signal: AbortSignal.timeout(2_000) });
      expect(await next.text()).toBe('3');
    }
    expect(host.logs()).not.toContain('error:');
  });

  test('an answer that is made from the body has all of it', async () => {
    const answer = await host.fetch('/echoed', chunked(2));
    expect((await answer.arrayBuffer()).byteLength).toBe(2 * MIB.length);
  });

  test('a path with an escape that is no UTF-8 is answered, and the host lives', async () => {
    const named = async (path: string): Promise<string> => (await host.fetch(`/named/${path}`)).text();
    expect(await named('%FF')).toBe('%FF');
    expect(await named('%C3%BC')).toBe('ü');
  });
});
