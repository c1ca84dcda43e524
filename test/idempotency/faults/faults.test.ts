/** The short form of `npm run test:faults`: one run each of takeovers, lost replies and a failover. */
import { expect, test } from 'vitest';
import { FAULTS, run } from './battery.ts';

const SHORT = [
  'kill -9 in the middle',
  'SIGSTOP past the lease, then on',
  '1,000 duplicates at once',
  'Redis killed and restarted',
  'replies dropped',
  'clocks an hour off',
  'failover, with WAIT',
];

test.each(FAULTS.filter(({ name }) => SHORT.includes(name)))(
  '$name: no violation',
  { timeout: 120_000 },
  async (fault) => {
    const { executions, violations } = await run(fault);
    expect(violations).toEqual([]);
    expect(executions).toBeGreaterThan(0);
  },
);

test('the short form is part of the long one', () => {
  expect(FAULTS.map(({ name }) => name)).toEqual(expect.arrayContaining(SHORT));
});
