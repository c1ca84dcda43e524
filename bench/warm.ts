import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { bundle, NAMES, type Name } from './bundles.ts';
import { digits, interleave, ratios, type Spread, spread } from './harness.ts';
import { ask, said } from './processes.ts';
import type { Round } from './rounds.ts';

/** A warm call: its duration, and its ratio to the hand-written handler. */
export interface WarmResult {
  readonly name: Name;
  readonly microseconds: Spread;
  readonly ratio: Spread;
}

// The compiler decides differently in each process, so there are several per contestant.
const GENERATIONS = 6;
const ROUNDS = 24;
const FIRST: Round = { warmUp: 700, calls: 64 };
const EACH: Round = { warmUp: 2, calls: 1_024 };

/** Measures warm calls, each with a fresh event. Every contestant has its own process, and they take turns by round. */
export async function warm(): Promise<WarmResult[]> {
  const bundles = {} as Record<Name, string>;
  for (const name of NAMES) bundles[name] = await bundle(name);
  const measured = Object.fromEntries(NAMES.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let generation = 0; generation < GENERATIONS; generation++) {
    process.stderr.write(`[bench] warm calls, processes ${generation + 1} of ${GENERATIONS}\n`);
    const values = await measureOnce(bundles);
    for (const name of NAMES) measured[name].push(...values[name]);
  }
  return NAMES.map((name) => ({
    name,
    microseconds: digits(spread(measured[name]), 2),
    ratio: digits(ratios(measured[name], measured['hand-written']), 3),
  }));
}

async function measureOnce(bundles: Record<Name, string>): Promise<Record<Name, number[]>> {
  const processes = {} as Record<Name, ChildProcess>;
  try {
    for (const name of NAMES) {
      processes[name] = fork(join(import.meta.dirname, 'contestant-process.ts'), [bundles[name]]);
      await said(processes[name], name);
      await ask(processes[name], name, FIRST);
    }
    return await interleave(NAMES, ROUNDS, (name) => ask(processes[name], name, EACH));
  } finally {
    for (const child of Object.values(processes)) child.kill();
  }
}
