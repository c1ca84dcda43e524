// Compares policies with similar libraries and with a hand-written solution. Takes a minute or two.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { digits, interleave, type Spread, spread } from '../harness.ts';
import { versionsOf } from '../report.ts';
import { CONTESTANTS, type Guarded, RETRIES } from './contestants.ts';

const ROUNDS = 15;
const CALLS = 50_000;
const progress = (text: string): void => void process.stderr.write(`[bench] ${text}\n`);

progress('what a call that succeeds costs');
const operation = async (): Promise<number> => 1;
const made = Object.fromEntries(Object.entries(CONTESTANTS).map(([name, make]) => [name, make()]));
const nanoseconds = async (name: string): Promise<number> => {
  const guarded = made[name] as Guarded;
  const start = performance.now();
  for (let call = 0; call < CALLS; call++) await guarded(operation);
  return ((performance.now() - start) / CALLS) * 1e6;
};
for (const name of Object.keys(made)) await nanoseconds(name);
const measured = await interleave(Object.keys(made), ROUNDS, nanoseconds);
const over = (name: string): Spread =>
  digits(spread((measured[name] ?? []).map((ns, round) => ns - (measured.bare?.[round] ?? Number.NaN))), 0);
const calls = Object.keys(made).map((name) => ({
  name,
  ns: digits(spread(measured[name] ?? []), 0),
  over: over(name),
}));

progress('memory');
const memory: Record<string, { policy: number; call: number }> = {};
for (const name of Object.keys(made)) {
  const args = [
    '--expose-gc',
    '--max-semi-space-size=128',
    '--min-semi-space-size=128',
    join(import.meta.dirname, 'memory-process.ts'),
    name,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { policy, call } = JSON.parse(stdout) as { policy: number; call: number };
  memory[name] = { policy, call };
}

progress('calls to a service that is down, of 1,000 callers with three tries each');
const amplification: Record<string, number> = {};
for (const [name, make] of Object.entries(RETRIES)) {
  let count = 0;
  const guarded = make(1);
  const down = async (): Promise<number> => {
    count++;
    throw new Error('down');
  };
  await Promise.allSettled(Array.from({ length: 1_000 }, () => guarded(down)));
  amplification[name] = count / 1_000;
}

progress('an abort 100 ms into a wait of a second');
const aborts: Record<string, { settledMs: number; calls: number }> = {};
for (const [name, make] of Object.entries(RETRIES)) {
  let count = 0;
  const controller = new AbortController();
  const down = async (): Promise<number> => {
    count++;
    throw new Error('down');
  };
  const call = make(1_000)(down, controller.signal).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 100));
  const start = performance.now();
  controller.abort(new Error('gone'));
  await call;
  const settledMs = Number((performance.now() - start).toFixed(1));
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  aborts[name] = { settledMs, calls: count };
}

const budgets = [
  ['retry and a circuit over a bare call', 'ns', 100, over('tradewind: retry, circuit').median],
  ['retry and a circuit over time', 'ns', 150, over('tradewind: retry, circuit over time').median],
  ['timeout', 'ns', 1_500, over('tradewind: timeout').median],
  ['calls of 1,000 callers while all fail, and ten', 'calls', 1_210, (amplification.tradewind ?? Number.NaN) * 1_000],
  ['an abort in a wait', 'ms', 5, aborts.tradewind?.settledMs],
].map(([name, unit, budget, value]) => ({ name, unit, budget, measured: value, met: Number(value) <= Number(budget) }));
const results = {
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  versions: versionsOf(['cockatiel', 'opossum', 'p-retry']),
  budgets,
  calls,
  memory,
  amplification,
  aborts,
};
writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
console.table(
  calls.map(({ name, ns, over: more }) => ({
    name,
    ns: ns.median,
    'over bare': more.median,
    p10: more.p10,
    p90: more.p90,
    'bytes a call': memory[name]?.call,
    'bytes a policy': memory[name]?.policy,
  })),
);
console.table(amplification);
console.table(aborts);
console.table(budgets);
