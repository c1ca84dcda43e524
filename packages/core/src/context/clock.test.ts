import { afterEach, expect, test, vi } from 'vitest';
import { virtualClock } from '../testing/clock.js';
import { after, inTime, systemClock } from './clock.js';

afterEach(() => {
  vi.useRealTimers();
});

test('the real clock tells the time since the epoch', () => {
  vi.useFakeTimers({ now: 1_234 });
  expect(systemClock.now()).toBe(1_234);
});

test('a sleep ends after its time, and leaves no listener on its signal', async () => {
  vi.useFakeTimers();
  const { signal } = new AbortController();
  const remove = vi.spyOn(signal, 'removeEventListener');
  const slept = systemClock.sleep(1_000, signal);
  await vi.advanceTimersByTimeAsync(999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  await expect(slept).resolves.toBeUndefined();
  expect(remove).toHaveBeenCalledOnce();
});

test('a sleep that is aborted rejects with the reason and leaves no timer', async () => {
  vi.useFakeTimers();
  const controller = new AbortController();
  const slept = systemClock.sleep(1_000, controller.signal);
  controller.abort('enough');
  await expect(slept).rejects.toBe('enough');
  expect(vi.getTimerCount()).toBe(0);
});

test('a sleep that is too long for a timer does not end at once', async () => {
  vi.useFakeTimers();
  const woke = vi.fn();
  void systemClock.sleep(2 ** 40).then(woke);
  await vi.advanceTimersByTimeAsync(1_000_000);
  expect(woke).not.toHaveBeenCalled();
});

test.each([-1, -1e12, Number.NaN, Number.NEGATIVE_INFINITY])(
  'a wait of %s ms is over at once, without a warning',
  async (ms) => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    await systemClock.sleep(ms);
    await new Promise<void>((resolve) => after(systemClock, ms, resolve));
    const late = inTime(systemClock, ms, new Promise(() => {}), () => 'late');
    await expect(late).rejects.toBe('late');
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
    const clock = virtualClock();
    const slept = clock.sleep(ms);
    await clock.advance(0);
    await slept;
  },
);

test.each([2 ** 31 - 1, 2 ** 31, 2 ** 40, Number.POSITIVE_INFINITY])(
  'a timer of %s ms does not ring at once',
  async (ms) => {
    vi.useFakeTimers();
    const rang = vi.fn();
    const stop = after(systemClock, ms, rang);
    await vi.advanceTimersByTimeAsync(1_000_000);
    expect(rang).not.toHaveBeenCalled();
    stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  },
);
