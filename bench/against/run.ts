// `npm run bench -- --against <commit>`: the time of a request and of a record here, relative to another commit.
import { execFileSync, fork } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { interleave, spread } from '../harness.ts';
import { ask, said } from '../processes.ts';
import { bundleCase, CASES, type Case } from './cases.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDER = join(ROOT, '.cache/against');
// The compiler decides differently in each process, so the interval is that of the ratios of pairs of processes.
const PAIRS = 16;
const ROUNDS = 12;
const FIRST = { warmUp: 500, calls: 64 };
const EACH = { warmUp: 2, calls: 1_024 };

/** The commit's files, in a folder of their own. */
function checkOut(commit: string): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  const hash = git('rev-parse', '--verify', `${commit}^{commit}`);
  const folder = join(FOLDER, hash);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('tar', ['-x', '-C', folder], {
      input: execFileSync('git', ['archive', hash, 'packages'], { cwd: ROOT, maxBuffer: 2 ** 30 }),
    });
  }
  return folder;
}

/** The median ratio of one pair of processes, which take turns. */
async function measurePair({ event }: Case, here: string, there: string): Promise<{ ratio: number; us: number }> {
  const bundles = { here, there };
  const script = join(import.meta.dirname, 'case-process.ts');
  const processes = { here: fork(script, [here, event]), there: fork(script, [there, event]) };
  try {
    for (const name of ['here', 'there'] as const) {
      await said(processes[name], bundles[name]);
      await ask(processes[name], bundles[name], FIRST);
    }
    const times = await interleave(['here', 'there'], ROUNDS, (name) => ask(processes[name], bundles[name], EACH));
    return {
      ratio: spread(times.here.map((time, round) => time / (times.there[round] ?? Number.NaN))).median,
      us: spread(times.here).median,
    };
  } finally {
    for (const child of Object.values(processes)) child.kill();
  }
}

/** Student's t for 95% and 15 degrees of freedom. */
const T = 2.131;

/** The geometric mean of ratios, and the ends of its 95% interval. */
function interval(ratios: readonly number[]): { mean: number; low: number; high: number } {
  const logs = ratios.map(Math.log);
  const mean = logs.reduce((sum, one) => sum + one, 0) / logs.length;
  const variance = logs.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (logs.length - 1);
  const half = T * Math.sqrt(variance / logs.length);
  return { mean: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half) };
}

/** Measures every case here and at another commit, and prints the ratios. */
export async function against(commit: string): Promise<void> {
  const other = checkOut(commit);
  const rows: Record<string, string | number>[] = [];
  for (const one of CASES) {
    const name = `${one.event}, ${one.middleware} middleware`;
    process.stderr.write(`[bench] ${name}\n`);
    const [here, there] = [join(FOLDER, 'here.mjs'), join(FOLDER, 'there.mjs')];
    await bundleCase(one, ROOT, here);
    await bundleCase(one, other, there);
    const pairs: { ratio: number; us: number }[] = [];
    for (let pair = 0; pair < PAIRS; pair++) pairs.push(await measurePair(one, here, there));
    const { mean, low, high } = interval(pairs.map(({ ratio }) => ratio));
    rows.push({
      case: name,
      µs: Number(spread(pairs.map(({ us }) => us)).median.toFixed(2)),
      ratio: Number(mean.toFixed(3)),
      '95%': `${low.toFixed(3)} to ${high.toFixed(3)}`,
    });
  }
  console.log(`Node ${process.version}, ${PAIRS} pairs of processes, here relative to ${commit}`);
  console.table(rows);
}
