import { describe, expect, test } from 'vitest';
import { virtualClock } from './index.js';

describe('a virtual clock', () => {
  test('starts at 0, or where it is told, and stands still', async () => {
    const clock = virtualClock();
    expect(clock.now()).toBe(0);
    await Promise.resolve();
    expect(clock.now()).toBe(0);
    expect(virtualClock(1_700_000_000_000).now()).toBe(1_700_000_000_000);
  });

  test('does not end a sleep before its time', async () => {
    const clock = virtualClock();
    let woke = false;
    const slept = clock.sleep(100).then(() => (woke = true));
    await clock.advance(99);
    expect(woke).toBe(false);
    await clock.advance(1);
    expect(woke).toBe(true);
    await slept;
  });

  test('wakes those that are due at the same time in the order they went to sleep', async () => {
    const clock = virtualClock();
    const woke: string[] = [];
    const sleep = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms);
      woke.push(name);
    };
    const all = Promise.all([sleep('c', 20), sleep('a', 10), sleep('b', 10), sleep('past', -5)]);
    await clock.advance(20);
    await all;
    expect(woke).toEqual(['past', 'a', 'b', 'c']);
  });

  test('lets a loop of sleeps run through one step of time', async () => {
    const clock = virtualClock();
    const times: number[] = [];
    const loop = async (): Promise<void> => {
      for (let n = 0; n < 5; n++) {
        await clock.sleep(10);
        times.push(clock.now());
      }
    };
    const looped = loop();
    await clock.advance(1_000);
    await looped;
    expect(times).toEqual([10, 20, 30, 40, 50]);
    expect(clock.now()).toBe(1_000);
  });

  test('forgets a sleeper that was aborted', async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const slept = clock.sleep(10, controller.signal);
    controller.abort('enough');
    await expect(slept).rejects.toBe('enough');
    await clock.advance(100);
    expect(clock.now()).toBe(100);
  });

  test('an abort after the sleep changes nothing', async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const slept = clock.sleep(10, controller.signal);
    await clock.advance(10);
    controller.abort('late');
    await expect(slept).resolves.toBeUndefined();
  });

  test('is no other clock', async () => {
    const [one, other] = [virtualClock(), virtualClock()];
    await one.advance(10);
    expect(other.now()).toBe(0);
  });
});
