/** Whether the longest delay that the adapter allows is the one that Cloudflare's own tools allow. */
import { Miniflare } from 'miniflare';
import { expect, test } from 'vitest';
import { LONGEST_DELAY } from '../../packages/adapters/src/cloudflare/longest-delay.ts';
import { COMPATIBILITY_DATE } from './workers-host.ts';

/** A Worker with a queue that delays its messages, and their retries. */
async function withDelay(delay: number): Promise<void> {
  const miniflare = new Miniflare({
    modules: true,
    script: 'export default { async fetch(_, env) { await env.QUEUE.send("x"); return new Response("sent"); } };',
    compatibilityDate: COMPATIBILITY_DATE,
    cf: false,
    queueProducers: { QUEUE: { queueName: 'q', deliveryDelay: delay } },
    queueConsumers: { q: { retryDelay: delay } },
  });
  try {
    expect(await (await miniflare.dispatchFetch('http://a.example/')).text()).toBe('sent');
  } finally {
    await miniflare.dispose();
  }
}

test('a message is delayed by 24 hours at most', async () => {
  expect(LONGEST_DELAY).toBe(24 * 60 * 60);
  await withDelay(LONGEST_DELAY);
  await expect(withDelay(LONGEST_DELAY + 1)).rejects.toThrow(/86400/);
});
