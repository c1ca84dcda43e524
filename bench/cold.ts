import { spawnSync } from 'node:child_process';
import { bundle, type Name } from './bundles.ts';
import { digits, interleave, type Spread, spread } from './harness.ts';

/** Import and first call in a fresh process, in ms, and the difference to the hand-written handler. */
export interface ColdResult {
  readonly name: Name;
  readonly milliseconds: Spread;
  readonly over: Spread;
}

const NAMES = ['hand-written', 'tradewind', 'middy', 'hono', 'powertools'] as const satisfies Name[];
const ROUNDS = 40;

/** Measures cold starts: a process that has done nothing else imports the bundle and calls it once. */
export async function cold(): Promise<ColdResult[]> {
  const bundles = {} as Record<(typeof NAMES)[number], string>;
  for (const name of NAMES) bundles[name] = await bundle(name);
  const script = new URL('./cold-process.ts', import.meta.url).pathname;
  const measured = await interleave(NAMES, ROUNDS, async (name) => {
    const { stdout, stderr, status } = spawnSync(process.execPath, ['--no-warnings', script, bundles[name]], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return Number(stdout);
  });
  return NAMES.map((name) => ({
    name,
    milliseconds: digits(spread(measured[name]), 2),
    over: digits(spread(measured[name].map((value, index) => value - (measured['hand-written'][index] ?? 0))), 2),
  }));
}
