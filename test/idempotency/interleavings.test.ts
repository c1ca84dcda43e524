/** Three workers over one store, with every step of the store at a time that fast-check chooses. */
import { defineFunction, FunctionError, queue } from '@tradewind/core';
import { deliver, fakeMessage, virtualClock } from '@tradewind/core/testing';
import { type Idempotency, type IdempotencyStore, idempotency, memoryStore } from '@tradewind/idempotency';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** What the handler does when it runs. */
const act = fc.constantFrom('does it', 'fails', 'dies');

/** The store, each of whose answers comes when it is scheduled; some are lost on the way. */
function scheduled(store: IdempotencyStore, s: fc.Scheduler, isLost: () => boolean): IdempotencyStore {
  const later =
    <Args extends unknown[], Answer>(name: string, ask: (...args: Args) => Answer) =>
    async (...args: Args): Promise<Awaited<Answer>> => {
      await s.schedule(Promise.resolve(), `${name} is on its way`);
      const answer = await ask(...args);
      await s.schedule(Promise.resolve(), `${name} is answered`);
      if (isLost()) throw new FunctionError('unavailable', 'The connection broke off.');
      return answer;
    };
  return {
    maxValue: store.maxValue,
    claim: later('claim', store.claim.bind(store)),
    complete: later('complete', store.complete.bind(store)),
    release: later('release', store.release.bind(store)),
    extend: later('extend', store.extend.bind(store)),
  };
}

test('whatever the order, no two owners run under a lease, fences rise, and what is acked was done', async () => {
  const seen = { runs: 0, takeovers: 0, retries: 0, lost: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(act, { minLength: 9, maxLength: 9 }),
      fc.array(fc.nat(9), { minLength: 40, maxLength: 40 }),
      fc.nat(3),
      async (s, acts, losses, outage) => {
        const clock = virtualClock(1);
        const memory = memoryStore({ clock });
        const store = scheduled(memory, s, () => {
          const isLost = (losses.pop() ?? 9) < outage;
          if (isLost) seen.lost++;
          return isLost;
        });
        const fences: number[] = [];
        let effects = 0;
        let owned: Idempotency | undefined;
        let leaseEnd = 0;
        const worker = () =>
          defineFunction
            .logger({ debug() {}, info() {}, warn() {}, error() {} })('work', queue({ queue: 'q', timeout: 1_000 }))
            .use(idempotency({ store, onTakeover: 'rerun' }))
            .handle(async (_message, { idempotency: granted }) => {
              // I1: whoever had the key before has ended, or its lease has.
              expect(owned).toBeUndefined();
              owned = granted;
              // The deadline is not far behind the claim, and a grace behind it.
              leaseEnd = clock.now() + 2_000;
              seen.runs++;
              if (granted.claim === 'takeover') seen.takeovers++;
              if (granted.claim === 'retry') seen.retries++;
              // I4
              expect(granted.fence).toBeGreaterThan(Math.max(0, ...fences));
              fences.push(granted.fence);
              const what = acts.pop();
              await s.schedule(Promise.resolve(), `the handler ${what}`);
              if (what === 'dies') await new Promise(() => {});
              if (owned === granted) owned = undefined;
              if (what === 'fails') throw new Error('no');
              effects++;
            });
        const deliveries = async (): Promise<void> => {
          const fn = worker();
          for (let attempt = 1; attempt <= 3; attempt++) {
            const { done } = await deliver(fn, fakeMessage(1), { clock, deliveryAttempt: attempt });
            if (done) {
              // I7
              expect(effects).toBeGreaterThan(0);
              return;
            }
            // It comes again when its visibility timeout is over.
            await clock.sleep(3_000);
          }
        };
        const all = Promise.all([deliveries(), deliveries(), deliveries()]);
        let isOver = false;
        all.finally(() => (isOver = true)).catch(() => {});
        while (!isOver) {
          await s.waitIdle();
          if (isOver) break;
          // Nothing moves any more but time.
          await clock.advance(100);
          if (owned && clock.now() >= leaseEnd) owned = undefined;
        }
        await all;
      },
    ),
    { numRuns: 2_000 },
  );
  // Not a proof by chance that nothing happened.
  expect(Math.min(seen.takeovers, seen.retries, seen.lost)).toBeGreaterThan(100);
}, 120_000);
