import { afterEach, describe, expect, test, vi } from 'vitest';
import { emit, type Listener, type Observed, observe } from './observe.js';

const EVENT: Observed = { type: 'http.failed', functionName: 'f', invocationId: 'i', error: new Error('x') };
const stops: (() => void)[] = [];
const listen = (listener: Listener): (() => void) => {
  const stop = observe(listener);
  stops.push(stop);
  return stop;
};

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

describe('the hub', () => {
  test('makes no event without a listener', () => {
    const make = vi.fn(() => EVENT);
    emit(make);
    listen(() => {})();
    emit(make);
    expect(make).not.toHaveBeenCalled();
  });

  test('passes one event to all listeners, in the order in which they were added', () => {
    const make = vi.fn(() => EVENT);
    const heard: unknown[] = [];
    listen((event) => heard.push('first', event));
    listen((event) => heard.push('second', event));
    emit(make);
    expect(make).toHaveBeenCalledOnce();
    expect(heard).toEqual(['first', EVENT, 'second', EVENT]);
  });

  test('continues after a listener that throws', () => {
    const heard = vi.fn();
    listen(() => {
      throw new Error('mine');
    });
    listen(heard);
    expect(() => emit(() => EVENT)).not.toThrow();
    expect(heard).toHaveBeenCalledExactlyOnceWith(EVENT);
  });

  test('lets a listener remove itself during an event, and twice', () => {
    const heard = vi.fn();
    const stop = listen(() => {
      stop();
      heard();
    });
    listen(heard);
    emit(() => EVENT);
    emit(() => EVENT);
    stop();
    expect(heard).toHaveBeenCalledTimes(3);
  });

  test('is shared with a second copy of the package', async () => {
    vi.resetModules();
    const copy = await import('./observe.js');
    expect(copy.emit).not.toBe(emit);
    const heard = vi.fn();
    listen(heard);
    copy.emit(() => EVENT);
    expect(heard).toHaveBeenCalledExactlyOnceWith(EVENT);
  });
});
