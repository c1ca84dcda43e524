import type { Outcome } from '../store.js';
import { type Check, completed, holds, LONG, SHORT, same } from './tried.js';

/** What happens to a key that was granted. */
export const endings: Readonly<Record<string, Check>> = {
  async 'I2: a stored outcome is replayed unchanged'(store) {
    const values = ['', '{}', '"v"', 'é\u0000\n"\\\u2028😀 |:;,', ' '.repeat(70_000), '\u0000'];
    for (const [index, value] of values.entries()) {
      for (const state of ['completed', 'failed', 'unknown'] as const) {
        const key = `${store.key}-${index}-${state}`;
        const one = { key, owner: 'a' };
        await store.granted('a', { key });
        const outcome: Outcome = { state, value };
        same(await store.store.complete(one, outcome, LONG), true, 'The completion');
        for (let times = 0; times < 2; times++) same(await store.claim('b', { key }), outcome, 'A claim after it');
        same(await store.claim('a', { key }), outcome, "The owner's own claim after it");
      }
    }
  },
  async 'the largest value that the store accepts is stored whole'(store) {
    const value = `${'x'.repeat(store.store.maxValue - 2)}é`;
    await store.granted('a');
    same(await store.complete('a', completed(value)), true, 'The completion');
    same(await store.claim('b'), completed(value), 'A claim after it');
  },
  async 'completing again changes nothing, and counts as done for the owner'(store) {
    await store.granted('a');
    await store.complete('a', completed('1'));
    same(await store.complete('a', completed('2')), true, 'The second completion');
    same(await store.claim('b'), completed('1'), 'A claim after it');
  },
  async 'I3: an owner that was taken over changes nothing'(store) {
    await store.granted('a', { lease: 0 });
    await store.granted('b');
    same(await store.complete('a', completed('late')), false, 'Its completion');
    same(await store.release('a'), false, 'Its release');
    same(await store.extend('a'), false, 'Its heartbeat');
    same((await store.claim('c')).state, 'in_progress', 'A claim after that');
    same(await store.complete('b', completed('own')), true, "The new owner's completion");
    same(await store.complete('a', completed('late')), false, 'Its completion after that');
    same(await store.release('a'), false, 'Its release after that');
    same(await store.claim('c'), completed('own'), 'A claim in the end');
  },
  async 'an owner whose lease has expired can complete if nobody took over'(store) {
    await store.granted('a', { lease: SHORT });
    await store.expire();
    same(await store.complete('a', completed('1')), true, 'The completion');
    same(await store.claim('b'), completed('1'), 'A claim after it');
  },
  async 'I4: a released key is granted again, and the fence rises'(store) {
    let last = 0;
    for (let attempt = 1; attempt <= 5; attempt++) {
      const grant = await store.granted(`owner-${attempt}`);
      same({ ...grant, fence: 0 }, { state: 'granted', fence: 0, attempt, takeover: false }, 'The grant');
      holds(grant.fence > last, `The fence must rise; after ${last} came ${grant.fence}.`);
      last = grant.fence;
      same(await store.release(`owner-${attempt}`), true, 'The release');
      same(await store.release(`owner-${attempt}`), true, 'The release, again');
    }
  },
  async 'a released key is lost to the owner that released it'(store) {
    await store.granted('a');
    await store.release('a');
    same(await store.complete('a'), false, 'Its completion');
    same(await store.extend('a'), false, 'Its heartbeat');
    same((await store.granted('a')).attempt, 2, 'The attempt that it is granted then');
  },
  async 'a completed key is not released, and not extended'(store) {
    await store.granted('a');
    await store.complete('a', completed('1'));
    same(await store.release('a'), false, 'A release');
    same(await store.extend('a'), false, 'A heartbeat');
    same(await store.claim('b'), completed('1'), 'A claim after it');
  },
  async 'a heartbeat keeps the lease'(store) {
    await store.granted('a', { lease: SHORT });
    same(await store.extend('a', LONG), true, 'The heartbeat');
    await store.expire();
    same((await store.claim('b')).state, 'in_progress', 'A claim after the first lease');
    same(await store.complete('a', completed('1')), true, 'The completion');
  },
  async 'operations on a key that nobody has claimed do nothing'(store) {
    same(await store.complete('a'), false, 'A completion');
    same(await store.release('a'), false, 'A release');
    same(await store.extend('a'), false, 'A heartbeat');
    same((await store.granted('a')).attempt, 1, 'The first attempt');
  },
};
