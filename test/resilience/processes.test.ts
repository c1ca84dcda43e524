import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { redis } from '../servers/redis.ts';

const run = promisify(execFile);
const INSTANCES = 5;
const OPEN_FOR = 1_000;

const { server, servers } = await redis();
let isDown = false;
/** The time of each call, in ms since the epoch. */
const calls: number[] = [];
const service = createServer((_request, response) => {
  calls.push(Date.now());
  // Long enough that a concurrent second call would be noticed.
  setTimeout(() => {
    response.statusCode = isDown ? 500 : 200;
    response.end();
  }, 30);
});
await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
afterAll(async () => {
  service?.closeAllConnections();
  service?.close();
  await servers?.[Symbol.asyncDispose]();
});

test('processes over one Redis open a circuit together, make one probe, and close it together', {
  timeout: 60_000,
}, async () => {
  const address = service.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const end = Date.now() + 12_000;
  const instances = Array.from({ length: INSTANCES }, () =>
    run(process.execPath, [
      join(import.meta.dirname, 'instance.ts'),
      String(server.port),
      url,
      String(OPEN_FOR),
      String(end),
    ]),
  );
  await sleep(4_000);
  expect(calls.length).toBeGreaterThan(0);

  isDown = true;
  await sleep(1_500);
  const dark = Date.now();
  await sleep(3_500);
  const tries = calls.filter((at) => at >= dark);
  isDown = false;
  // One probe in total for each second that it was open, plus the time that it took.
  expect(tries.length).toBeGreaterThanOrEqual(2);
  expect(tries.length).toBeLessThanOrEqual(4);
  for (const [at, time] of tries.entries()) {
    if (at > 0) expect(time - (tries[at - 1] as number)).toBeGreaterThanOrEqual(OPEN_FOR - 50);
  }

  const reports = (await Promise.all(instances)).map(({ stdout }) => JSON.parse(stdout));
  for (const { up, refused, state } of reports) {
    expect(state).toBe('closed');
    expect(up).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(50);
  }
});
