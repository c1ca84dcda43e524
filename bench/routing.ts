import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { digits, interleave, type Spread, spread } from './harness.ts';
import { said } from './processes.ts';
import type { RoutingRound } from './routing-process.ts';

/** A call to an app with this many functions, each with its own path. */
export interface RoutingResult {
  readonly name: string;
  readonly functions: number;
  readonly microseconds: Spread;
  /** What it takes more than with one function, in the same round. */
  readonly overOne: Spread;
}

const NAMES = ['tradewind', 'hono'] as const;
const FUNCTIONS = [1, 100, 500, 1_000] as const;
const ROUNDS = 60;
const CALLS = 1_024;

/** Measures how the cost of a request grows with the number of functions. */
export async function routing(): Promise<RoutingResult[]> {
  const results: RoutingResult[] = [];
  for (const name of NAMES) {
    const child = fork(join(import.meta.dirname, 'routing-process.ts'), [name]);
    try {
      await said(child, name);
      for (const functions of FUNCTIONS) await ask(child, name, { functions, calls: 16 * CALLS });
      const keys = FUNCTIONS.map(String) as `${(typeof FUNCTIONS)[number]}`[];
      const measured = await interleave(keys, ROUNDS, (key) =>
        ask(child, name, { functions: Number(key), calls: CALLS }),
      );
      for (const key of keys) {
        const over = measured[key].map((value, round) => value - (measured['1'][round] ?? Number.NaN));
        const microseconds = digits(spread(measured[key]), 2);
        results.push({ name, functions: Number(key), microseconds, overOne: digits(spread(over), 2) });
      }
    } finally {
      child.kill();
    }
  }
  return results;
}

async function ask(child: ChildProcess, name: string, round: RoutingRound): Promise<number> {
  child.send(round);
  return Number(await said(child, name));
}

/** For the console. */
export function rows(results: readonly RoutingResult[]): object[] {
  return results.map(({ name, functions, microseconds, overOne }) => ({
    name,
    functions,
    µs: microseconds.median,
    'over one function': overOne.median,
  }));
}

// `node bench/routing.ts` measures this part alone.
if (process.argv[1] === import.meta.filename) console.table(rows(await routing()));
