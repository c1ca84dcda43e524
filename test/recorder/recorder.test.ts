/**
 * Keeps what every platform gets for every event, and what operators see of it, in recordings/. A recording that changes
 * is a change for users: look at the difference, and run `npx vitest run test/recorder -u` only if it is right.
 */
import { expect, test } from 'vitest';
import { fakePayments } from '../../examples/orders/fake-payments.ts';
import { capture, prepare } from './capture.ts';
import { demo } from './demo.ts';
import { GOLDEN } from './golden.ts';
import { MESSAGES } from './messages.ts';
import { format } from './plain.ts';
import { onEveryPlatform } from './platforms.ts';
import { REQUESTS, type Recorded } from './requests.ts';
import { MISTAKES } from './startup.ts';

prepare();

async function record(topic: string, scenarios: readonly Recorded[]): Promise<void> {
  const recordings: Record<string, unknown> = {};
  for (const { name, fn, fake, ...options } of scenarios) recordings[name] = await onEveryPlatform(fn, fake, options);
  await compare(topic, recordings);
}

async function compare(topic: string, recordings: unknown): Promise<void> {
  await expect(`${format(recordings)}\n`).toMatchFileSnapshot(`recordings/${topic}.json`);
}

test.each(Object.entries({ ...REQUESTS, ...MESSAGES }))('%s, on every platform', record);

test('the orders app, on every platform', async () => {
  await using payments = await fakePayments();
  await record('demo', demo(payments.url));
});

test("the vendors' documented events", async () => {
  const recordings: Record<string, unknown> = {};
  for (const [name, run] of Object.entries(GOLDEN)) recordings[name] = await capture(run);
  await compare('golden', recordings);
});

test('mistakes at definition and start-up', async () => {
  const recordings: Record<string, unknown> = {};
  for (const [name, make] of Object.entries(MISTAKES)) {
    const { answer, seen } = await capture(async () => void (await make()));
    recordings[name] = seen.lines.length > 0 ? { answer, lines: seen.lines } : answer;
  }
  await compare('mistakes', recordings);
});
