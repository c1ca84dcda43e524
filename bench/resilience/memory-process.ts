// Prints the bytes that a contestant's policy retains, and that a call allocates.
import { CONTESTANTS, type Guarded } from './contestants.ts';

const make = CONTESTANTS[process.argv[2] ?? ''] as () => Guarded;
const operation = async (): Promise<number> => 1;
const used = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

const POLICIES = 5_000;
const CALLS = 20_000;
const guarded = make();
for (let warmUp = 0; warmUp < 50_000; warmUp++) await guarded(operation);
const kept: Guarded[] = new Array(POLICIES);
const before = used();
for (let at = 0; at < POLICIES; at++) kept[at] = make();
const policy = (used() - before) / POLICIES;
const start = used();
for (let call = 0; call < CALLS; call++) await guarded(operation);
const call = (process.memoryUsage().heapUsed - start) / CALLS;
console.log(JSON.stringify({ policy: Math.round(policy), call: Math.round(call), kept: kept.length }));
