/** Three workers over one store; fast-check chooses when each step of the store happens. */
import { type Clock, defineFunction, FunctionError, queue } from '@tradewind/core';
import { deliver, fakeMessage, virtualClock } from '@tradewind/core/testing';
import { type IdempotencyStore, idempotency, memoryStore } from '@tradewind/idempotency';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** What the handler does when it runs. */
const act = fc.constantFrom('does it', 'fails', 'dies', 'does it late', 'fails late');

/** A store whose answers arrive when scheduled; some are lost. */
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

/** Checks what a store grants, by its own clock, and records violations. */
function watched(store: IdempotencyStore, clock: Clock, violations: string[]): IdempotencyStore {
  let owned: { readonly owner: string; readonly leaseEnd: number } | undefined;
  let highest = 0;
  const ended = (owner: string, isDone: boolean): boolean => {
    if (isDone && owned && owned.owner !== owner) violations.push('I3: a stale owner changed something');
    if (isDone) owned = undefined;
    return isDone;
  };
  return {
    ...store,
    async claim(key, claim) {
      const answer = await store.claim(key, claim);
      if (answer.state !== 'granted' || owned?.owner === claim.owner) return answer;
      if (owned && clock.now() < owned.leaseEnd) violations.push('I1: the one before has a lease that runs');
      if (answer.fence <= highest) violations.push('I4: the fence has not risen');
      highest = answer.fence;
      owned = { owner: claim.owner, leaseEnd: clock.now() + claim.lease };
      return answer;
    },
    complete: async (grant, outcome, retain) => ended(grant.owner, await store.complete(grant, outcome, retain)),
    release: async (grant) => ended(grant.owner, await store.release(grant)),
  };
}

test('in any order, no two owners run under a lease, fences rise, and acked messages were handled', async () => {
  const seen = { runs: 0, takeovers: 0, retries: 0, lost: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(act, { minLength: 9, maxLength: 9 }),
      fc.array(fc.nat(9), { minLength: 40, maxLength: 40 }),
      fc.nat(3),
      fc.array(fc.constantFrom(0, 300, 1_000, 3_000), { minLength: 15, maxLength: 15 }),
      async (s, acts, losses, outage, pauses) => {
        const clock = virtualClock(1);
        const violations: string[] = [];
        const store = scheduled(watched(memoryStore({ clock }), clock, violations), s, () => {
          const isLost = (losses.pop() ?? 9) < outage;
          if (isLost) seen.lost++;
          return isLost;
        });
        let effects = 0;
        const worker = () =>
          defineFunction
            .logger({ debug() {}, info() {}, warn() {}, error() {} })('work', queue({ queue: 'q', timeout: 1_000 }))
            .use(idempotency({ store, onTakeover: 'rerun' }))
            .handle(async (_message, { idempotency: granted }) => {
              seen.runs++;
              if (granted.claim === 'takeover') seen.takeovers++;
              if (granted.claim === 'retry') seen.retries++;
              const what = acts.pop();
              await s.schedule(Promise.resolve(), `the handler ${what}`);
              if (what === 'dies') await new Promise(() => {});
              // A zombie: its lease has expired by then.
              if (what?.endsWith('late')) await clock.sleep(2_500);
              if (what?.startsWith('fails')) throw new Error('no');
              effects++;
            });
        const deliveries = async (): Promise<void> => {
          const fn = worker();
          for (let attempt = 1; attempt <= 5; attempt++) {
            const { done } = await deliver(fn, fakeMessage(1), { clock, deliveryAttempt: attempt });
            if (done) {
              if (effects === 0) violations.push('I7: it was acked before it was done');
              return;
            }
            // Redelivered when its visibility timeout is over.
            await clock.sleep(pauses.pop() ?? 3_000);
          }
        };
        const all = Promise.all([deliveries(), deliveries(), deliveries()]);
        let isOver = false;
        all.finally(() => (isOver = true)).catch(() => {});
        while (!isOver) {
          await s.waitIdle();
          if (isOver) break;
          // Nothing happens any more unless time passes.
          await clock.advance(100);
        }
        await all;
        expect(violations).toEqual([]);
      },
    ),
    { numRuns: 2_000 },
  );
  // The test proves nothing if nothing happened.
  expect(Math.min(seen.takeovers, seen.retries, seen.lost)).toBeGreaterThan(100);
}, 120_000);
