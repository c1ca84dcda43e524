// A fetch that was started earlier and answers later has an older value, which replaces no newer one.
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { defineFunction } from '../function/define.js';
import { queue } from '../messages/queue.js';
import { fakeMessage, type InvokeOptions, invoke, virtualClock } from '../testing/index.js';
import { envProvider } from './env-provider.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const charge = defineFunction
  .logger(quiet)
  .env(z.object({ KEY: z.string() }))('charge', queue({ queue: 'orders' }))
  .handle((_event, { env }) => env.KEY);
const run = (options: InvokeOptions) => invoke(charge, fakeMessage(1), options);

/** A store that answers when it is told to, each fetch on its own. */
function slowStore() {
  const fetches: { answer: (value: string) => void; fail: (error: Error) => void }[] = [];
  const get = () => new Promise<string>((answer, fail) => void fetches.push({ answer, fail }));
  /** A fetch, counted from 0, once it has begun. */
  const fetched = (at: number) => vi.waitFor(() => fetches[at] ?? expect.fail(`Fetch ${at} has not begun.`));
  return { fetches, get, fetched };
}

test('the first two fetches, answered in reverse order', async () => {
  const { fetches, get, fetched } = slowStore();
  const wiring = { env: { KEY: envProvider(get) } };
  const [slow, fast] = [run({ wiring }), run({ wiring })];
  (await fetched(1)).answer('newer-value');
  expect(await fast).toBe('newer-value');
  (await fetched(0)).answer('older-value');
  // By now a newer one is known, so that this invocation uses it too.
  expect(await slow).toBe('newer-value');
  expect(await run({ wiring })).toBe('newer-value');
  expect(fetches).toHaveLength(2);
});

test('a refresh that takes longer than the pause', async () => {
  const { get, fetched } = slowStore();
  const clock = virtualClock();
  const wiring = { env: { KEY: envProvider(get) } };
  const first = run({ wiring, clock });
  (await fetched(0)).answer('value-1');
  await first;
  await clock.advance(300_000);
  const slow = run({ wiring, clock });
  await fetched(1);
  await clock.advance(10_000);
  const fast = run({ wiring, clock });
  (await fetched(2)).answer('value-3');
  expect(await fast).toBe('value-3');
  (await fetched(1)).answer('value-2');
  expect(await slow).toBe('value-3');
  expect(await run({ wiring, clock })).toBe('value-3');
});

test('an answer after its invocation’s deadline, and after a newer value', async () => {
  const { get, fetched } = slowStore();
  const clock = virtualClock();
  const wiring = { env: { KEY: envProvider(get) } };
  const late = run({ wiring, clock, deadline: 1_000 });
  late.catch(() => {});
  await fetched(0);
  await clock.advance(1_000);
  await expect(late).rejects.toMatchObject({ code: 'unavailable' });
  const next = run({ wiring, clock });
  (await fetched(1)).answer('newer-value');
  expect(await next).toBe('newer-value');
  (await fetched(0)).answer('older-value');
  await clock.advance(1);
  expect(await run({ wiring, clock })).toBe('newer-value');
});

test('an older value is kept while the newer fetch has not answered, or has failed', async () => {
  const { get, fetched } = slowStore();
  const wiring = { env: { KEY: envProvider(get) } };
  const [older, newer] = [run({ wiring }), run({ wiring })];
  newer.catch(() => {});
  (await fetched(0)).answer('older-value');
  expect(await older).toBe('older-value');
  (await fetched(1)).fail(new Error('down'));
  await expect(newer).rejects.toMatchObject({ code: 'unavailable' });
  expect(await run({ wiring })).toBe('older-value');
});
