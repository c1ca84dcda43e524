import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { onPath, unpacked } from './debian.ts';

const run = promisify(execFile);

/** What Spin found in a model. */
export interface Found {
  readonly errors: number;
  /** States that it looked at. */
  readonly states: number;
  /** What was violated. */
  readonly violated: string | undefined;
  /** Whether it saw every state that there is: neither its memory nor its depth was at an end. */
  readonly isExhaustive: boolean;
}

/**
 * Looks through every state of a Promela model.
 *
 * @param defines - for the model.
 * @param claim - a formula of the model, which is checked under weak fairness; without one the assertions are.
 * @see https://spinroot.com/spin/Man/Manual.html
 */
export async function spin(model: string, defines: readonly string[], claim?: string): Promise<Found> {
  if (!onPath('cc')) throw new Error("Spin's models are compiled by a C compiler, and there is no 'cc' on the path.");
  const tool = onPath('spin') ?? join(await unpacked('spin', ['spin']), 'usr/bin/spin');
  const cwd = await mkdtemp(join(tmpdir(), 'spin-'));
  try {
    await copyFile(model, join(cwd, basename(model)));
    await run(tool, [...defines.map((name) => `-D${name}`), '-a', basename(model)], { cwd });
    const kind = claim ? ['-DNFAIR=4'] : ['-DSAFETY', '-DNOCLAIM'];
    await run('cc', ['-O2', ...kind, '-DMEMLIM=8192', '-o', 'pan', 'pan.c'], { cwd });
    const how = claim ? ['-a', '-f', '-N', claim] : [];
    const { stdout } = await run('./pan', ['-m1000000', ...how], { cwd, maxBuffer: 2 ** 24 });
    const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? Number.NaN);
    return {
      errors: number(/errors: (\d+)/),
      states: number(/(\d+) states, stored/),
      violated: /^pan:\d+: (.*) \(at depth/m.exec(stdout)?.[1],
      isExhaustive: !/max search depth too small|out of memory|memory limit|Search not completed/.test(stdout),
    };
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
