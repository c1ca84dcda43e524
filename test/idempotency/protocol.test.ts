import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { spin } from '../servers/spin.ts';

const MODEL = join(import.meta.dirname, 'protocol.pml');

// About 18 million states.
test('I1 to I5 and I7 hold in every interleaving of three workers with two tries each', {
  timeout: 300_000,
}, async () => {
  const { errors, states, violated, isExhaustive } = await spin(MODEL, []);
  expect({ errors, violated, isExhaustive }).toEqual({ errors: 0, violated: undefined, isExhaustive: true });
  expect(states).toBeGreaterThan(1_000_000);
});

test('I6 holds in every fair interleaving of two workers', { timeout: 60_000 }, async () => {
  const { errors, violated, isExhaustive } = await spin(MODEL, ['WORKERS=2'], 'I6');
  expect({ errors, violated, isExhaustive }).toEqual({ errors: 0, violated: undefined, isExhaustive: true });
});

describe('finds the known faults of published libraries', () => {
  test.each([
    ['A_DUPLICATE_DELETES_THE_LOCK', 'liveOwner==0', undefined],
    ['A_ZOMBIE_OVERWRITES', 'owner==me', undefined],
    ['A_ZOMBIES_FAILURE_DELETES', 'owner==me', undefined],
    ['RELEASE_FORGETS_THE_FENCE', 'fence>highest', undefined],
    ['A_DUPLICATE_IS_ACKED', 'effects>0', undefined],
    ['A_LEASE_IS_FOR_EVER', 'acceptance cycle', 'I6'],
  ])('%s', { timeout: 60_000 }, async (fault, violated, claim) => {
    const found = await spin(MODEL, ['WORKERS=2', `FAULT_${fault}`], claim);
    expect(found.errors).toBe(1);
    expect(found.violated).toContain(violated);
  });
});
