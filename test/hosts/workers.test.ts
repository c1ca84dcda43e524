import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundle } from './bundle.ts';
import { startWorkers, type WorkersHost } from './workers-host.ts';

let host: WorkersHost;
beforeAll(async () => {
  // workerd refuses a Worker that does I/O, reads the clock or makes random numbers at import, so starting it shows
  // that
  // Tradewind does none of these.
  host = await startWorkers(await bundle('test/hosts/apps/workers.ts', 'workers'), { GREETING: 'hello' });
});
afterAll(() => host?.stop());

describe('queue functions on workerd', () => {
  const good = { id: '1', does: 'good' };
  const poison = { id: '2', does: 'fail' };

  test('mark each message of a batch', async () => {
    const outcome = await host.deliver('orders', [good, poison, 'no JSON', JSON.stringify(good), null]);
    expect(outcome).toMatchObject({ outcome: 'ok', ackAll: false, retryBatch: { retry: false } });
    expect(outcome.explicitAcks).toEqual(['m-1', 'm-4']);
    expect(outcome.retryMessages.map(({ msgId }) => msgId).toSorted()).toEqual(['m-2', 'm-3', 'm-5']);
  });

  test('a poison message ends in the dead-letter queue, and the good ones around it do not', async () => {
    await host.send([good, poison, good]);
    await vi.waitFor(async () => expect(await host.deadLetters()).toEqual([poison]), {
      timeout: 20_000,
      interval: 100,
    });
  });
});

test('background work continues after the response', async () => {
  const first = (await (await host.fetch('/later')).json()) as { done: number };
  expect(first.done).toBe(0);
  await vi.waitFor(async () => {
    const { done } = (await (await host.fetch('/later')).json()) as { done: number };
    expect(done).toBeGreaterThan(0);
  });
});

test('a missing variable is a 500 without detail for the client', async () => {
  const bare = await startWorkers(await bundle('test/hosts/apps/workers.ts', 'workers'));
  try {
    const response = await bare.fetch('/variables');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('GREETING');
  } finally {
    await bare.stop();
  }
});
