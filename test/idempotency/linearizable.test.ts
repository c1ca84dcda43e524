import type { ClaimAnswer, Outcome } from '@tradewind/idempotency';
import { expect, test } from 'vitest';
import { isLinearizable, type Operation } from './linearizable.ts';

const granted = (attempt: number, takeover = false, fence = attempt): ClaimAnswer => ({
  state: 'granted',
  attempt,
  takeover,
  fence,
});
const busy: ClaimAnswer = { state: 'in_progress', remaining: 1 };
const done = (value = '1'): Outcome => ({ state: 'completed', value });
const claim = (owner: string, start: number, end: number, answer?: ClaimAnswer): Operation => ({
  op: 'claim',
  owner,
  start,
  end,
  answer,
  lease: 100,
});
const complete = (owner: string, start: number, end: number, answer?: boolean, value = '1'): Operation => ({
  op: 'complete',
  owner,
  start,
  end,
  answer,
  outcome: done(value),
});
const release = (owner: string, start: number, end: number, answer?: boolean): Operation => ({
  op: 'release',
  owner,
  start,
  end,
  answer,
});
const NEVER = Number.POSITIVE_INFINITY;

test.each([
  ['nothing', []],
  [
    'one after the other',
    [claim('a', 0, 1, granted(1)), claim('b', 2, 3, busy), complete('a', 4, 5, true), claim('b', 6, 7, done())],
  ],
  ['two at once, in either order', [claim('b', 0, 9, busy), claim('a', 1, 8, granted(1))]],
  ['a lost reply that was granted', [claim('a', 0, NEVER), claim('b', 5, 6, busy)]],
  ['a lost reply that never arrived', [claim('a', 0, NEVER), claim('b', 5, 6, granted(1))]],
  [
    'a takeover after the lease',
    [claim('a', 0, 1, granted(1)), claim('b', 101, 102, granted(2, true)), complete('a', 110, 111, false)],
  ],
  ['a release, and the next', [claim('a', 0, 1, granted(1)), release('a', 2, 3, true), claim('b', 4, 5, granted(2))]],
  ['a lost completion', [claim('a', 0, 1, granted(1)), complete('a', 2, NEVER), claim('b', 9, 10, done())]],
  ['the same owner again', [claim('a', 0, 1, granted(1)), claim('a', 2, 3, granted(1))]],
])('%s is possible', (_name, history) => {
  expect(isLinearizable(history as Operation[])).toBe(true);
});

test.each([
  ['two grants at once', [claim('a', 0, 1, granted(1)), claim('b', 2, 3, granted(1))]],
  ['a takeover before the lease is over', [claim('a', 0, 1, granted(1)), claim('b', 50, 60, granted(2, true))]],
  [
    'a fence that falls',
    [claim('a', 0, 1, granted(1, false, 9)), release('a', 2, 3, true), claim('b', 4, 5, granted(2, false, 8))],
  ],
  [
    'a zombie that completes',
    [claim('a', 0, 1, granted(1)), claim('b', 101, 102, granted(2, true)), complete('a', 110, 111, true)],
  ],
  [
    'a grant after a completion',
    [claim('a', 0, 1, granted(1)), complete('a', 2, 3, true), claim('b', 4, 5, granted(2))],
  ],
  [
    'another outcome than was stored',
    [claim('a', 0, 1, granted(1)), complete('a', 2, 3, true), claim('b', 4, 5, done('2'))],
  ],
  ['a release without a grant', [claim('a', 0, 1, granted(1)), release('b', 2, 3, true)]],
  ['an outcome that nobody stored', [claim('a', 0, 1, granted(1)), claim('b', 4, 5, done())]],
])('%s is impossible', (_name, history) => {
  expect(isLinearizable(history as Operation[])).toBe(false);
});

test('a thousand concurrent operations are checked in a short time', () => {
  const storm = Array.from({ length: 1_000 }, (_, at) => claim(`o-${at}`, 0, 50, at === 500 ? granted(1) : busy));
  expect(isLinearizable([...storm, complete('o-500', 60, 61, true)])).toBe(true);
  expect(isLinearizable([...storm, claim('x', 0, 50, granted(1))])).toBe(false);
});
