import { type Check, completed, holds, LONG, SHORT, same } from './tried.js';

/** Who gets a key. */
export const claims: Readonly<Record<string, Check>> = {
  async 'a key that nobody has claimed is granted'(store) {
    const { fence, attempt, takeover } = await store.granted('a');
    same({ attempt, takeover }, { attempt: 1, takeover: false }, 'The first grant');
    holds(Number.isSafeInteger(fence) && fence > 0, `A fence must be a whole number above 0; got ${fence}.`);
  },
  async 'a key with a running lease is in progress, with the remaining time'(store) {
    await store.granted('a', { lease: 60_000 });
    const answer = await store.claim('b');
    if (answer.state !== 'in_progress') throw new Error(`The state must be in_progress; got ${answer.state}.`);
    const { remaining } = answer;
    holds(remaining > 0 && remaining <= 60_000, `Up to 60,000 ms must be left; got ${remaining}.`);
  },
  async 'I1: a rejected duplicate leaves the lease alone'(store) {
    await store.granted('a');
    await store.claim('b', { lease: 0 });
    same(await store.release('b'), false, 'A release by who has no grant');
    same((await store.claim('c')).state, 'in_progress', 'A claim after it');
    same(await store.complete('a'), true, "The owner's completion");
  },
  async 'the same owner claiming again gets the same grant'(store) {
    const grant = await store.granted('a');
    same(await store.granted('a'), grant, 'The second answer');
  },
  async 'the same owner claiming again gets a new lease'(store) {
    await store.granted('a', { lease: SHORT });
    await store.granted('a', { lease: LONG });
    await store.expire();
    same((await store.claim('b')).state, 'in_progress', 'A claim by another one');
  },
  async 'the same owner claiming again after a takeover still has a takeover'(store) {
    await store.granted('a', { lease: 0 });
    const grant = await store.granted('b');
    same(await store.granted('b'), grant, 'The second answer');
  },
  async 'I6: an expired lease is taken over'(store) {
    const first = await store.granted('a', { lease: SHORT });
    await store.expire();
    const { fence, attempt, takeover } = await store.granted('b');
    same({ attempt, takeover }, { attempt: 2, takeover: true }, 'The grant');
    holds(fence > first.fence, `I4: the fence must rise; after ${first.fence} came ${fence}.`);
  },
  async 'a lease of 0 ms expires at once'(store) {
    await store.granted('a', { lease: 0 });
    same((await store.granted('b')).takeover, true, 'Whether it is a takeover');
  },
  async 'another fingerprint is a mismatch, whatever the state of the key'(store) {
    await store.granted('a');
    same(await store.claim('b', { fingerprint: 'g' }), { state: 'mismatch' }, 'While it is in progress');
    same(await store.claim('a', { fingerprint: 'g' }), { state: 'mismatch' }, 'For the owner itself');
    await store.release('a');
    same(await store.claim('b', { fingerprint: 'g' }), { state: 'mismatch' }, 'Once it is released');
    await store.granted('b');
    await store.complete('b');
    same(await store.claim('c', { fingerprint: 'g' }), { state: 'mismatch' }, 'Once it is completed');
    same((await store.claim('c')).state, 'completed', 'With the right fingerprint');
  },
  async 'after a takeover that was released, the next grant is a takeover too: it is still unknown what was done'(
    store,
  ) {
    await store.granted('a', { lease: SHORT });
    await store.expire();
    await store.granted('b');
    await store.release('b');
    const { attempt, takeover } = await store.granted('c');
    same({ attempt, takeover }, { attempt: 3, takeover: true }, 'The grant');
  },
  async 'an empty fingerprint is compared like any other'(store) {
    await store.granted('a', { fingerprint: '' });
    same(await store.claim('b'), { state: 'mismatch' }, 'With a fingerprint');
    same((await store.claim('b', { fingerprint: '' })).state, 'in_progress', 'Without one');
  },
  async 'keys are independent'(store) {
    await store.granted('a');
    await store.granted('b', { key: `${store.key}x` });
    await store.granted('c', { key: store.key.toUpperCase() });
  },
  async 'a completed record past its retention does not count'(store) {
    await store.granted('a');
    await store.complete('a', completed('1'), SHORT);
    await store.expire();
    same((await store.granted('b', { fingerprint: 'g' })).takeover, false, 'Whether a new claim is a takeover');
  },
  async 'after an expired lease the record is kept for the retention'(store) {
    await store.granted('a', { lease: SHORT, retain: SHORT });
    await store.expire();
    await store.expire();
    same((await store.granted('b', { fingerprint: 'g' })).attempt, 1, 'The attempt after both');
  },
};
