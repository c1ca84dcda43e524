import { describe, expect, test } from 'vitest';
import { systemClock } from '../context/clock.js';
import { FunctionError, isFunctionError } from '../errors.js';
import { defineFunction } from '../function/define.js';
import { http } from '../http/trigger.js';
import { observe } from '../observe.js';
import { fakeHttp, invoke, virtualClock } from './index.js';

describe('the virtual clock', () => {
  test('wakes sleepers in order, each at its own time', async () => {
    const clock = virtualClock(1_000);
    const seen: unknown[] = [];
    const sleep = async (ms: number): Promise<void> => {
      await clock.sleep(ms);
      seen.push(clock.now());
    };
    const all = Promise.all([sleep(300), sleep(100).then(() => sleep(100)), sleep(0)]);
    await clock.advance(250);
    expect(seen).toEqual([1_000, 1_100, 1_200]);
    expect(clock.now()).toBe(1_250);
    await clock.advance(50);
    await all;
  });

  test('a sleep ends with its signal', async () => {
    const clock = virtualClock();
    const controller = new AbortController();
    const slept = clock.sleep(100, controller.signal);
    controller.abort(new Error('enough'));
    await expect(slept).rejects.toThrow('enough');
    await expect(clock.sleep(1, controller.signal)).rejects.toThrow('enough');
  });
});

test('the real clock sleeps, and wakes with its signal', async () => {
  await systemClock.sleep(1);
  const controller = new AbortController();
  const slept = systemClock.sleep(1e12, controller.signal);
  controller.abort(new Error('enough'));
  await expect(slept).rejects.toThrow('enough');
  await expect(systemClock.sleep(1, controller.signal)).rejects.toThrow('enough');
});

test('a fake request without a parameter of its path says which', async () => {
  const fn = defineFunction('f', http({ method: 'GET', path: '/orders/:id' })).handle(() => 1);
  await expect(invoke(fn, fakeHttp({ params: {} as never }))).rejects.toThrow(
    "fakeHttp(...): `params` must have 'id' for the path",
  );
});

describe('observe', () => {
  test('a listener that throws changes nothing, and one that has stopped hears nothing', async () => {
    const heard: unknown[] = [];
    const stops = [
      observe(() => {
        throw new Error('mine');
      }),
      observe((event) => heard.push(event.type)),
    ];
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const fn = defineFunction
      .logger(logger)('f', http({ method: 'GET', path: '/' }))
      .handle(() => Promise.reject(1));
    expect((await invoke(fn, fakeHttp())).status).toBe(500);
    for (const stop of stops) stop();
    await invoke(fn, fakeHttp());
    expect(heard).toEqual(['http.failed']);
  });
});

test('an error knows its code, its cause and whether to try again', () => {
  const cause = new Error('inner');
  expect(new FunctionError('unavailable', 'Busy.', { cause })).toMatchObject({
    code: 'unavailable',
    retryable: true,
    cause,
  });
  expect(new FunctionError('unavailable', 'Busy.', { retryable: false }).retryable).toBe(false);
  expect(new FunctionError('not_found').message).toBe('Not Found');
  expect(isFunctionError(Object.assign(new Error('x'), { name: 'FunctionError', code: 'toString' }))).toBe(false);
  expect(isFunctionError({ name: 'FunctionError', code: 'gone' })).toBe(true);
});
