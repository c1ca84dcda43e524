import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { AllocationResult } from './allocation.ts';
import type { BatchResult } from './batch.ts';
import { CONTESTANTS } from './bundles.ts';
import type { ChainResult } from './chain.ts';
import type { ColdResult } from './cold.ts';
import type { RoutingResult } from './routing.ts';
import type { SizeResult } from './sizes.ts';
import type { WarmResult } from './warm.ts';

/** One budget for speed or size, the measurement, and whether it was met. */
export interface Budget {
  readonly name: string;
  readonly unit: string;
  readonly budget: number;
  readonly measured: number;
  readonly met: boolean;
}

/** Everything that one run has measured. */
export interface Results {
  readonly date: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly memoryGiB: number; readonly node: string };
  readonly versions: Readonly<Record<string, string>>;
  readonly budgets: readonly Budget[];
  readonly warm: readonly WarmResult[];
  readonly batch: readonly BatchResult[];
  readonly routing: readonly RoutingResult[];
  readonly chain: ChainResult;
  readonly allocation: AllocationResult;
  readonly cold: readonly ColdResult[];
  readonly sizes: readonly SizeResult[];
}

type Measured = Pick<Results, 'warm' | 'batch' | 'routing' | 'chain' | 'allocation' | 'cold' | 'sizes'>;

/** Compares the measurements with the budgets. */
export function report(measured: Measured): Results {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      cpu: cpu?.model ?? 'unknown',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
    versions: versions(),
    budgets: budgets(measured),
    ...measured,
  };
}

/** Writes the results next to this file. */
export function write(results: Results): void {
  writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
}

function budgets({ warm, batch, routing, chain, allocation, cold, sizes }: Measured): Budget[] {
  const ratio = (name: string): number => warm.find((one) => one.name === name)?.ratio.median ?? Number.NaN;
  const gzip = (name: string): number => (sizes.find((one) => one.name === name)?.gzip ?? Number.NaN) / 1_024;
  const over = cold.find(({ name }) => name === 'tradewind')?.over.median ?? Number.NaN;
  const table: readonly (readonly [name: string, unit: string, budget: number, measured: number])[] = [
    ['warm call, no layer', 'x hand-written', 1.12, ratio('tradewind')],
    ['warm call, one layer', 'x hand-written', 1.15, ratio('tradewind-1')],
    ['warm call, five layers', 'x hand-written', 1.3, ratio('tradewind-5')],
    [
      'a batch of ten over parsing its bodies',
      'µs',
      10,
      batch.find(({ name }) => name === 'batch-tradewind')?.overParsing.median ?? Number.NaN,
    ],
    [
      '1,000 functions over one',
      'µs',
      1,
      routing.find(({ name, functions }) => name === 'tradewind' && functions === 1_000)?.overOne.median ?? Number.NaN,
    ],
    ['a layer over a hand-nested function', 'ns', 15, chain.perLayer.median],
    ['a context extension', 'ns', 200, chain.perExtension.median],
    ['allocation of a call over hand-written', 'KB', 0.8, allocation.over.median / 1_024],
    ['lambda/http, minified, gzip', 'KB', 4, gzip('lambda/http')],
    ['lambda, minified, gzip', 'KB', 8, gzip('lambda')],
    ['import and first call over hand-written', 'ms', 1.5, over],
  ];
  return table.map(([name, unit, budget, value]) => ({
    name,
    unit,
    budget,
    measured: Number(value.toFixed(3)),
    met: value <= budget,
  }));
}

function versions(): Record<string, string> {
  return versionsOf([
    ...new Set(Object.values(CONTESTANTS).filter((name) => name !== undefined)),
    '@aws-lambda-powertools/batch',
    'serverless-http',
    'zod',
    'esbuild',
  ]);
}

/** The installed versions of packages. */
export function versionsOf(names: readonly string[]): Record<string, string> {
  const require = createRequire(import.meta.url);
  return Object.fromEntries(
    names.map((name) => {
      const folder = (require.resolve.paths(name) ?? []).find((path) => exists(join(path, name, 'package.json')));
      return [
        name,
        (JSON.parse(readFileSync(join(folder ?? '', name, 'package.json'), 'utf8')) as { version: string }).version,
      ];
    }),
  );
}

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
