import { type VirtualClock, virtualClock } from '@tradewind/core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CircuitBreaker, circuitBreaker, isRefused, memoryBreakerStore } from '../index.js';
import { exchanged } from './exchange.js';
import type { BreakerReport, BreakerRules } from './store.js';

/** A service that needs some time, and the instances that call it. */
class World {
  readonly clock: VirtualClock = virtualClock(1_000_000);
  readonly instances: readonly CircuitBreaker[];
  readonly #takes: number;
  isDown = true;
  calls = 0;
  refused = 0;

  constructor(takes: number, instances: (clock: VirtualClock) => readonly CircuitBreaker[]) {
    this.#takes = takes;
    this.instances = instances(this.clock);
  }

  async call(at = 0): Promise<void> {
    const policy = this.instances[at % this.instances.length] as CircuitBreaker;
    const work = async () => {
      this.calls++;
      const fails = this.isDown;
      await this.clock.sleep(this.#takes);
      if (fails) throw new Error('down');
    };
    await policy(work, { clock: this.clock }).catch((error) => {
      if (isRefused(error)) this.refused++;
    });
  }
  /** Calls at intervals, whether or not earlier ones have ended. */
  async traffic(ms: number, every: number): Promise<void> {
    for (let at = 0, count = 0; at < ms; at += every, count++) {
      void this.call(count);
      await this.clock.advance(every);
    }
  }
  /** Opens the circuit of every instance. */
  async opened(): Promise<void> {
    const every = this.#takes + 100;
    for (let call = 0; call < 50 && this.states.includes('closed'); call++) await this.traffic(every * 3, every);
    expect(this.states).not.toContain('closed');
    // No call of the outage runs any more.
    await this.clock.advance(this.#takes);
    this.isDown = false;
    this.refused = 0;
  }
  get states(): readonly string[] {
    return this.instances.map(({ state }) => state);
  }
}

const local = (openFor: number, probes = 1) => [circuitBreaker({ name: 'pay', failures: 1, openFor, probes })];
const shared =
  (openFor: number, probes = 1, count = 1) =>
  (clock: VirtualClock) => {
    const store = memoryBreakerStore({ clock });
    const window = { ms: 600_000, minimum: 1 };
    const options = { name: 'pay', window, openFor, probes, store, refresh: 100 } as const;
    return Array.from({ length: count }, () => circuitBreaker(options));
  };

describe.each([
  ['its own', (openFor: number) => () => local(openFor)],
  ['a shared', (openFor: number) => shared(openFor)],
])('with %s circuit, a service that needs longer than `openFor` is found to work again', (_name, circuit) => {
  test.each([
    ['once a second', 1_000],
    ['ten times a second', 100],
    ['every ten seconds', 10_000],
  ])('if it is called %s', async (_often, every) => {
    const world = new World(1_500, circuit(1_000));
    await world.opened();
    await world.traffic(15_000, every);
    expect(world.states).toEqual(['closed']);
    world.refused = 0;
    await world.traffic(60_000, every);
    expect(world.refused).toBe(0);
  });

  test('if there is one caller at a time', async () => {
    const world = new World(1_500, circuit(1_000));
    await world.opened();
    for (let call = 0; call < 5; call++) {
      const called = world.call();
      await world.clock.advance(2_000);
      await called;
    }
    expect(world.states).toEqual(['closed']);
  });
});

const situation = fc.record({
  openFor: fc.integer({ min: 1, max: 3_000 }),
  takes: fc.integer({ min: 1, max: 10_000 }),
  every: fc.integer({ min: 20, max: 3_000 }),
  probes: fc.integer({ min: 1, max: 4 }),
  count: fc.integer({ min: 1, max: 3 }),
});

test.each([
  ['its own', 100],
  ['a shared', 60],
])(
  'with %s circuit, %i random services that work are called again',
  async (name, numRuns) => {
    const isShared = name === 'a shared';
    await fc.assert(
      fc.asyncProperty(situation, async ({ openFor, takes, every, probes, count }) => {
        const world = new World(takes, isShared ? shared(openFor, probes, count) : () => local(openFor, probes));
        await world.opened();
        // Until it is half-open, until all probes have begun, and until the last one has ended; and each instance hears of it.
        await world.traffic(openFor + (probes + 1) * (every + 1_000) + takes + (count + 1) * (every + 100), every);
        expect(world.states.every((state) => state === 'closed')).toBe(true);
      }),
      { numRuns },
    );
  },
  60_000,
);

test('a service that fails slowly gets no more probes than `probes` for each `openFor`', async () => {
  await fc.assert(
    fc.asyncProperty(situation, async ({ openFor, takes, every, probes, count }) => {
      for (const circuit of [() => local(openFor, probes), shared(openFor, probes, count)]) {
        const world = new World(takes, circuit);
        await world.opened();
        world.isDown = true;
        world.calls = 0;
        const time = 20 * every;
        await world.traffic(time, every);
        expect(world.calls).toBeLessThanOrEqual(probes * (Math.ceil(time / openFor) + 1));
        expect(world.states).not.toContain('closed');
      }
    }),
    { numRuns: 50 },
  );
}, 60_000);

test('a success of an earlier half-open time does not count', async () => {
  const world = new World(1_500, () => local(1_000));
  await world.opened();
  await world.clock.advance(1_000);
  const late = world.call();
  await world.clock.advance(1_000);
  await world.instances[0]?.(() => Promise.reject(new Error('down')), { clock: world.clock }).catch(() => {});
  expect(world.states).toEqual(['open']);
  await world.clock.advance(500);
  await late;
  expect(world.states).toEqual(['open']);
});

describe('the exchange', () => {
  const rules: BreakerRules = { window: 60_000, failureRate: 0.5, minimum: 1, quorum: 0, openFor: 1_000, probes: 2 };
  const steps = (...all: readonly [now: number, more: Partial<BreakerReport>][]) => {
    let record: ReturnType<typeof exchanged>['record'] | undefined;
    let isOpen = false;
    for (const [now, more] of all) {
      const report = { instance: 'a', generation: record?.generation ?? 0, calls: 0, failures: 0, ...more };
      const next = exchanged(record, report, rules, 1_000_000 + now);
      record = next.record;
      isOpen = next.state.isOpen;
    }
    return isOpen;
  };
  const opened: [number, Partial<BreakerReport>] = [0, { calls: 1, failures: 1 }];
  const ended = (id: string, end: 'success' | 'failure') => ({ ended: { id, end } });

  test('counts successes after their leases, each once', () => {
    expect(steps(opened, [1_000, { ask: 'p' }], [9_000, ended('p', 'success')])).toBe(true);
    const twice: [number, Partial<BreakerReport>][] = [
      [9_000, ended('p', 'success')],
      [9_100, ended('p', 'success')],
    ];
    expect(steps(opened, [1_000, { ask: 'p' }], ...twice)).toBe(true);
    expect(steps(opened, [1_000, { ask: 'p' }], ...twice, [9_200, ended('q', 'success')])).toBe(false);
  });

  test('counts no failure after its lease, and nothing of an earlier generation', () => {
    const late = steps(opened, [1_000, { ask: 'p' }], [2_100, ended('p', 'failure')], [2_200, ended('q', 'success')]);
    expect(late).toBe(true);
    const both = [ended('p', 'success'), ended('q', 'success')].map((more) => ({ ...more, generation: 1 }));
    expect(steps(opened, [9_000, both[0] ?? {}], [9_100, both[1] ?? {}])).toBe(true);
  });
});
