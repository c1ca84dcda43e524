import { defineFunction, observe, queue } from '@tradewind/core';
import { fakeMessage, invoke, type VirtualClock, virtualClock } from '@tradewind/core/testing';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type BreakerStore, type CircuitBreaker, circuitBreaker, isRefused, memoryBreakerStore } from '../index.js';

const told: string[] = [];
const stop = observe((event) => {
  if (event.type === 'circuit.unshared') told.push('unshared');
  if (event.type === 'circuit.changed' && event.isShared) told.push(`shared ${event.to}`);
});
afterAll(stop);
beforeEach(() => {
  told.length = 0;
});

const OPEN_FOR = 10_000;

/** A service and the instances that call it, in virtual time. */
class World {
  readonly clock: VirtualClock = virtualClock(1_000_000);
  readonly instances: CircuitBreaker[];
  isDown = false;
  /** Instances whose own network is broken. */
  readonly cutOff = new Set<number>();
  calls = 0;
  running = 0;
  mostRunning = 0;

  constructor(count: number, store: (clock: VirtualClock) => BreakerStore, probes = 1) {
    const shared = store(this.clock);
    this.instances = Array.from({ length: count }, () =>
      circuitBreaker({
        name: 'pay',
        window: { ms: 10_000, failureRate: 0.5, minimum: 10 },
        openFor: OPEN_FOR,
        probes,
        store: shared,
        refresh: 1_000,
      }),
    );
  }

  async call(at: number): Promise<'up' | 'down' | 'refused'> {
    try {
      await (this.instances[at] as CircuitBreaker)(
        async () => {
          this.calls++;
          this.mostRunning = Math.max(this.mostRunning, ++this.running);
          const fails = this.isDown || this.cutOff.has(at);
          await this.clock.sleep(5);
          this.running--;
          if (fails) throw new Error('down');
          return 1;
        },
        { clock: this.clock },
      );
      return 'up';
    } catch (error) {
      return isRefused(error) ? 'refused' : 'down';
    }
  }

  /** Each instance calls periodically, each at its own time. */
  async traffic(ms: number, every = 100): Promise<Record<'up' | 'down' | 'refused', number>> {
    const ends = { up: 0, down: 0, refused: 0 };
    const work: Promise<unknown>[] = [];
    for (let at = 0; at < ms; at += 10) {
      for (const index of this.instances.keys()) {
        if ((at + index * 30) % every < 10) work.push(this.call(index).then((end) => ends[end]++));
      }
      await this.clock.advance(10);
    }
    // The longest wait for a store that does not answer.
    await this.clock.advance(600);
    await Promise.all(work);
    return ends;
  }
}

const memory = (clock: VirtualClock) => memoryBreakerStore({ clock });

describe('twenty instances', () => {
  test('all stop calling a service that is down, and notice together when it is back', async () => {
    const world = new World(20, memory);
    expect((await world.traffic(3_000)).refused).toBe(0);
    world.isDown = true;
    await world.traffic(12_000);
    expect(world.instances.map(({ state }) => state)).toEqual(Array(20).fill('open'));
    expect(told).toContain('shared open');

    // Once all instances know, one probe in total follows each open period.
    world.calls = world.mostRunning = 0;
    const dark = await world.traffic(3 * OPEN_FOR);
    expect(world.calls).toBeGreaterThanOrEqual(2);
    expect(world.calls).toBeLessThanOrEqual(4);
    expect(world.mostRunning).toBe(1);
    expect(dark.up).toBe(0);

    world.isDown = false;
    await world.traffic(OPEN_FOR + 2_000);
    expect(world.instances.map(({ state }) => state)).toEqual(Array(20).fill('closed'));
    expect((await world.traffic(1_000)).refused).toBe(0);
  });

  test('reach the minimum together, even if none reaches it alone', async () => {
    const world = new World(20, memory);
    await world.traffic(3_000, 3_000);
    world.isDown = true;
    // Three calls per instance in ten seconds; the minimum is ten.
    const ends = await world.traffic(20_000, 3_000);
    expect(told).toContain('shared open');
    expect(ends.refused).toBeGreaterThan(0);
  });

  test('do not stop for an instance whose own network is broken; it stops by itself', async () => {
    const world = new World(20, memory);
    world.cutOff.add(7);
    await world.traffic(30_000);
    expect(told).not.toContain('shared open');
    const states = world.instances.map(({ state }) => state);
    expect(states[7]).not.toBe('closed');
    expect(states.filter((state) => state === 'closed')).toHaveLength(19);
  });

  test('do not stop for one instance that makes most of the calls, all failing', async () => {
    const world = new World(20, memory);
    await world.traffic(1_000);
    world.cutOff.add(0);
    const busy: Promise<unknown>[] = [];
    for (let second = 0; second < 10; second++) {
      for (let call = 0; call < 200; call++) busy.push(world.call(0));
      await world.traffic(1_000, 500);
    }
    await Promise.all(busy);
    expect(told).not.toContain('shared open');
  });

  test.each([1, 3, 5])('make exactly %i probes in total', async (probes) => {
    const world = new World(20, memory, probes);
    await world.traffic(1_000);
    world.isDown = true;
    await world.traffic(12_000);
    world.isDown = false;
    // All at the same moment, when the open time is over for every instance.
    await world.clock.advance(OPEN_FOR);
    world.calls = 0;
    const all = Array.from({ length: 100 }, (_, at) => world.call(at % 20));
    await world.clock.advance(1);
    expect(world.calls).toBe(probes);
    await world.clock.advance(10);
    expect((await Promise.all(all)).filter((end) => end === 'up')).toHaveLength(probes);
    await world.traffic(2_000);
    expect(world.instances.map(({ state }) => state)).toEqual(Array(20).fill('closed'));
  });

  test('ask the store in the background, and not for each call', async () => {
    const exchange = vi.fn();
    const world = new World(20, (clock) => {
      const store = memory(clock);
      return { exchange: exchange.mockImplementation(store.exchange) };
    });
    await world.traffic(10_000, 20);
    expect(world.calls).toBeGreaterThan(9_000);
    // One before the first call, and one per second.
    expect(exchange.mock.calls.length).toBeLessThanOrEqual(20 * 11);
  });
});

describe('a store that is down', () => {
  test.each<[string, BreakerStore['exchange']]>([
    ['rejects', async () => Promise.reject(new Error('ECONNREFUSED'))],
    [
      'throws',
      () => {
        throw new Error('ECONNREFUSED');
      },
    ],
    ['never answers', () => new Promise(() => {})],
    ['answers nothing', () => undefined as never],
    ['answers nonsense', () => ({ generation: 'x', isOpen: true }) as never],
    ['answers NaN', () => ({ generation: 1, isOpen: true, remaining: Number.NaN, granted: false })],
  ])('and %s lets calls through, and each instance uses its own circuit', async (_name, exchange) => {
    const world = new World(3, () => ({ exchange }));
    expect(await world.traffic(3_000)).toMatchObject({ down: 0, refused: 0 });
    expect(told).toContain('unshared');
    world.isDown = true;
    await world.traffic(3_000);
    expect(world.instances.map(({ state }) => state)).toEqual(Array(3).fill('open'));
    world.isDown = false;
    await world.traffic(OPEN_FOR);
    expect((await world.traffic(1_000)).up).toBeGreaterThan(0);
  });

  test('and fails while a circuit is open lets calls through', async () => {
    let isGone = false;
    const world = new World(3, (clock) => {
      const store = memory(clock);
      return {
        exchange(...args) {
          if (isGone) throw new Error('ECONNREFUSED');
          return store.exchange(...args);
        },
      };
    });
    world.isDown = true;
    await world.traffic(5_000);
    expect(world.instances.map(({ state }) => state)).toEqual(Array(3).fill('open'));
    isGone = true;
    world.isDown = false;
    const ends = await world.traffic(2 * OPEN_FOR);
    expect(ends.up).toBeGreaterThan(0);
    isGone = false;
    await world.traffic(2 * OPEN_FOR);
    expect(world.instances.map(({ state }) => state)).toEqual(Array(3).fill('closed'));
  });
});

test('the observed changes of circuits end with every circuit closed', async () => {
  const open = new Map<string, boolean>();
  const end = observe((event) => {
    if (event.type === 'circuit.changed') open.set(event.isShared ? 'shared' : 'own', event.to !== 'closed');
  });
  const world = new World(1, memory);
  world.isDown = true;
  await world.traffic(5_000);
  // Its own circuit was reset in favour of the shared one.
  expect(Object.fromEntries(open)).toEqual({ own: false, shared: true });
  world.isDown = false;
  await world.traffic(3 * OPEN_FOR);
  end();
  expect(Object.fromEntries(open)).toEqual({ own: false, shared: false });
});

test('a new instance is refused at once while the circuit is open', async () => {
  const world = new World(5, memory);
  world.isDown = true;
  await world.traffic(5_000);
  const late = new World(1, () => ({
    exchange: () => ({ generation: 9, isOpen: true, remaining: 5_000, granted: false }),
  }));
  expect(await late.call(0)).toBe('refused');
  expect(late.calls).toBe(0);
});

test('the probe of an instance that died is given to another one', async () => {
  const clock = virtualClock(1_000_000);
  const store = memoryBreakerStore({ clock });
  const rules = { window: 1_000, failureRate: 0.5, minimum: 1, quorum: 0, openFor: 1_000, probes: 1 };
  const report = (instance: string, generation: number, more = {}) =>
    store.exchange('x', { instance, generation, calls: 0, failures: 0, ...more }, rules) as {
      generation: number;
      granted: boolean;
      remaining: number;
    };
  const { generation } = report('a', 0, { calls: 1, failures: 1 });
  await clock.advance(1_000);
  expect(report('a', generation, { ask: 'p1' }).granted).toBe(true);
  // If the answer was lost, it is given again.
  expect(report('a', generation, { ask: 'p1' }).granted).toBe(true);
  expect(report('b', generation, { ask: 'p2' })).toMatchObject({ granted: false, remaining: 1_000 });
  await clock.advance(1_000);
  expect(report('b', generation, { ask: 'p2' }).granted).toBe(true);
  // The first instance's report is too late now.
  report('a', generation, { ended: { id: 'p1', end: 'failure' } });
  expect(report('b', generation, { ended: { id: 'p2', end: 'success' } })).toMatchObject({ isOpen: false });
});

test('background work is passed to waitUntil', async () => {
  const world = new World(1, memory);
  const waited: PromiseLike<unknown>[] = [];
  const place = { clock: world.clock, waitUntil: (work: PromiseLike<unknown>) => void waited.push(work) };
  const [policy] = world.instances;
  for (let call = 0; call < 5; call++) {
    await policy?.(() => 1, place);
    await world.clock.advance(1_000);
  }
  expect(waited.length).toBeGreaterThanOrEqual(3);
});

test('a store may be a function of the context, which is then required', async () => {
  const store = memoryBreakerStore();
  const stores = vi.fn(() => store);
  const policy = circuitBreaker({ name: 'pay', window: { ms: 1_000 }, store: stores });
  await expect(policy(() => 1)).rejects.toThrow(
    "circuitBreaker(...): the `store` of 'pay' needs a context: call policy(operation, context).",
  );
  const fn = defineFunction('f', queue({ queue: 'q' })).handle((_event, context) => policy(() => 1, context));
  expect(await invoke(fn, fakeMessage(1))).toBe(1);
  expect(stores).toHaveBeenCalledWith(expect.objectContaining({ functionName: 'f' }));
});

test('a failing store is logged once, until it answers again', async () => {
  const warn = vi.fn();
  const log = { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() };
  let isGone = true;
  const inner = memoryBreakerStore();
  const store: BreakerStore = {
    exchange: (...args) => (isGone ? Promise.reject(new Error('ECONNREFUSED')) : inner.exchange(...args)),
  };
  const clock = virtualClock();
  const policy = circuitBreaker({ name: 'pay', window: { ms: 1_000 }, store, refresh: 10 });
  const fn = defineFunction
    .logger(log)('f', queue({ queue: 'q' }))
    .handle((_event, context) => policy(() => 1, context));
  const calls = async () => {
    for (let call = 0; call < 5; call++) {
      await invoke(fn, fakeMessage(1), { clock });
      await clock.advance(20);
    }
  };
  await calls();
  const said = [expect.stringContaining('The store of a circuit failed.'), expect.objectContaining({ circuit: 'pay' })];
  expect(warn.mock.calls).toEqual([said]);
  isGone = false;
  await calls();
  isGone = true;
  await calls();
  expect(warn.mock.calls).toEqual([said, said]);
});
