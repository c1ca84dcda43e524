import { spawnSync } from 'node:child_process';
import { bundle, type Name } from './bundles.ts';
import { digits, interleave, type Spread, spread } from './harness.ts';

/** The bytes that a call allocates. */
export interface AllocationResult {
  readonly handWritten: Spread;
  readonly tradewind: Spread;
  readonly over: Spread;
}

const PROCESSES = 7;
const CALLS = 2_000;

// The young generation is so large that nothing is collected while counting.
const FLAGS = ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256', '--no-warnings'];

/** Measures how much the heap grows, with fresh processes for each contestant. */
export async function allocation(): Promise<AllocationResult> {
  const names = ['hand-written', 'tradewind'] as const satisfies Name[];
  const bundles = { 'hand-written': await bundle('hand-written'), tradewind: await bundle('tradewind') };
  const measured = await interleave(names, PROCESSES, async (name) => {
    const script = new URL('./allocation-process.ts', import.meta.url).pathname;
    const { stdout, stderr, status } = spawnSync(process.execPath, [...FLAGS, script, bundles[name], String(CALLS)], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return Number(stdout);
  });
  const over = measured.tradewind.map((value, index) => value - (measured['hand-written'][index] ?? 0));
  return {
    handWritten: digits(spread(measured['hand-written']), 0),
    tradewind: digits(spread(measured.tradewind), 0),
    over: digits(spread(over), 0),
  };
}
