import { type Check, completed, same } from './tried.js';

const STORM = 50;
const owners = (name: string): string[] => Array.from({ length: STORM }, (_, index) => `${name}-${index}`);

/** Concurrent operations. */
export const races: Readonly<Record<string, Check>> = {
  async 'I1: of many concurrent claims one is granted'(store) {
    const states = await Promise.all(owners('a').map(async (owner) => (await store.claim(owner)).state));
    same(states.filter((state) => state === 'granted').length, 1, 'The grants');
    same(states.filter((state) => state === 'in_progress').length, STORM - 1, 'Those told that it is in progress');
  },
  async 'I1: of many concurrent takeovers one is granted'(store) {
    await store.granted('dead', { lease: 0 });
    const answers = await Promise.all(owners('a').map((owner) => store.claim(owner)));
    same(answers.filter(({ state }) => state === 'granted').length, 1, 'The grants');
  },
  async 'I5: among many owners that take turns, there is one grant and one more after each release'(store) {
    const turns = 4;
    const fences: number[] = [];
    let ended = 0;
    await Promise.all(
      owners('a')
        .slice(0, 10)
        .map(async (name) => {
          for (let round = 0; ended < turns; round++) {
            const owner = `${name}-${round}`;
            const answer = await store.claim(owner);
            if (answer.state !== 'granted') continue;
            fences.push(answer.fence);
            if (fences.length < turns) same(await store.release(owner), true, 'A release by the owner');
            else same(await store.complete(owner, completed('last')), true, 'The completion by the owner');
            ended++;
          }
        }),
    );
    same(fences.length, turns, 'The grants');
    same(
      fences,
      [...new Set(fences)].toSorted((a, b) => a - b),
      'I4: the fences, in order of their grants',
    );
    same(await store.claim('late'), completed('last'), 'A claim in the end');
  },
  async 'the same owner claiming many times concurrently gets one grant'(store) {
    const answers = await Promise.all(owners('a').map(() => store.granted('a')));
    same(new Set(answers.map((answer) => JSON.stringify(answer))).size, 1, 'Different answers');
  },
};
