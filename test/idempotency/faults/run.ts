// Runs every fault repeatedly and prints the results. Ends with an error if an invariant did not hold.
import { FAULTS, run } from './battery.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
let failed = 0;
const rows: Record<string, unknown>[] = [];
for (const fault of FAULTS) {
  const { name, mayViolate = false } = fault;
  const row = { fault: name, runs: 0, executions: 0, takeovers: 0, violations: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const { executions, takeovers, violations } = await run(fault);
    row.runs++;
    row.executions += executions;
    row.takeovers += takeovers;
    row.violations += violations.length;
    for (const violation of new Set(violations)) process.stderr.write(`[faults] ${name}: ${violation}\n`);
  }
  if (!mayViolate) failed += row.violations;
  rows.push(mayViolate ? { ...row, fault: `${name} (not promised)` } : row);
  process.stderr.write(`[faults] ${JSON.stringify(row)}\n`);
}
console.table(rows);
process.exitCode = failed > 0 ? 1 : 0;
