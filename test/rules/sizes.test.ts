import { expect, test } from 'vitest';
import budgets from '../../bench/budgets.json' with { type: 'json' };
import { sizes } from '../../bench/sizes.ts';

/** In bytes, gzip: what was measured when it last changed on purpose, and 1%. Others' frameworks have none. */
const BUDGETS: Readonly<Record<string, number>> = budgets;

test('a function is bundled within its budget', { timeout: 60_000 }, async () => {
  const measured = (await sizes()).filter(({ name }) => name in BUDGETS);
  expect(measured.map(({ name }) => name)).toEqual(Object.keys(BUDGETS));
  for (const { name, gzip } of measured) {
    expect(gzip, `${name}: if it grew for a reason, say it in the change of bench/budgets.json`).toBeLessThanOrEqual(
      BUDGETS[name] ?? 0,
    );
  }
});
