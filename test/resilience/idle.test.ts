import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const USE = `
import { bulkhead, circuitBreaker, compose, fallback, hedge, memoryBreakerStore, retry, timeout } from '@tradewind/resilience';
const store = memoryBreakerStore();
const policy = compose(
  fallback(() => 'fallback'),
  timeout(600_000),
  retry({ attempts: 2, backoff: () => 1 }),
  circuitBreaker({ name: 'x', window: { ms: 600_000, minimum: 2 }, openFor: 600_000, store, refresh: 1 }),
  hedge({ after: 300_000, idempotent: true }),
  bulkhead({ concurrency: 1, queue: 5 }),
  timeout(300_000),
);
const all = [];
for (let call = 0; call < 5; call++) all.push(await policy(async () => call));
for (let call = 0; call < 5; call++) all.push(await policy(() => Promise.reject(new Error('down'))));
console.log(all.join(' '), process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length);
`;

test('a process with idle policies holds no resources, and exits by itself', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', USE], {
    cwd: import.meta.dirname,
    timeout: 20_000,
  });
  expect(stdout).toMatch(/^0 1 2 3 4 fallback.* 0\n$/);
});
