import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../hosts/bundle.ts';
import { startWorkers, type WorkersHost } from '../hosts/workers-host.ts';

// workerd itself: a promise or timer of another request would hang, and workerd would log it.
let host: WorkersHost;
beforeAll(async () => {
  host = await startWorkers(await bundle('test/resilience/workers-app.ts', 'workers'));
}, 60_000);
afterAll(() => host?.stop());

const ask = async (path: string) => {
  const response = await host.fetch(path);
  return { status: response.status, body: JSON.parse(await response.text()) };
};
const many = (path: string, count: number) => Promise.all(Array.from({ length: count }, () => ask(path)));

test('every policy works, and requests share no state', async () => {
  expect(await ask('/retry/first')).toMatchObject({ status: 200, body: { attempt: 2 } });
  expect(await ask('/retry/down')).toMatchObject({ status: 500 });
  expect(await ask('/timeout/slow')).toMatchObject({ status: 200, body: { attempt: 2 } });
  expect(await ask('/hedge/slow')).toMatchObject({ status: 200 });
  expect(await ask('/standard/first')).toMatchObject({ status: 200, body: { attempt: 2 } });
  expect((await many('/standard/up', 30)).map(({ status }) => status)).toEqual(Array(30).fill(200));
});

test('in a bulkhead each request waits for its own turn', async () => {
  const answers = await many('/bulkhead/up', 20);
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(answers.map(({ body }) => body.running)).toEqual(Array(20).fill(1));
});

test('a circuit that some requests open refuses others, and closes again', async () => {
  await many('/circuit/down', 5);
  expect((await ask('/circuit/up')).status).toBe(503);
  await new Promise((resolve) => setTimeout(resolve, 80));
  expect((await ask('/circuit/up')).status).toBe(200);
  expect((await ask('/circuit/up')).status).toBe(200);
});

test('workerd logs no complaints', () => {
  expect(host.logs()).not.toMatch(/different request|Disallowed operation|hang/i);
});
