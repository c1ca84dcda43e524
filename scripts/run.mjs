// The commands behind `npm run ...`. Runs on whatever Node a machine has, and goes on under one that the tools accept.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureNode, progress, ROOT, setUp } from './setup.mjs';

const tool = (name) => join(ROOT, 'node_modules', name);
const TSC = [tool('typescript/bin/tsc'), '-b'];
const BUILD = ['scripts/build.mjs'];

/** Each command's steps: a label, and what Node runs. */
const COMMANDS = {
  build: [['build', BUILD]],
  check: [
    ['types', TSC],
    ['lint', [tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings']],
    ['unused code', [tool('knip/bin/knip.js')]],
  ],
  test: [
    ['build', BUILD],
    ['types', TSC],
    ['lint', [tool('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings']],
    ['unused code', [tool('knip/bin/knip.js')]],
    ['tests', [tool('vitest/vitest.mjs'), 'run']],
  ],
  demo: [
    ['build', BUILD],
    ['demo', ['demo/run.ts']],
  ],
  'bench:idempotency': [
    ['build', BUILD],
    ['bench', ['bench/idempotency/run.ts']],
  ],
  'bench:resilience': [
    ['build', BUILD],
    ['bench', ['bench/resilience/run.ts']],
  ],
  'bench:telemetry': [
    ['build', BUILD],
    ['bench', ['bench/telemetry/run.ts']],
  ],
  'test:faults': [
    ['build', BUILD],
    ['faults', ['test/idempotency/faults/run.ts']],
  ],
  docs: [['docs', ['scripts/delivery-page.ts']]],
  bench: [
    ['build', BUILD],
    ['bench', ['--expose-gc', 'bench/run.ts']],
  ],
};

const [command, ...args] = process.argv.slice(2);
const steps = COMMANDS[command];
if (!steps) {
  console.error(`Unknown command ${JSON.stringify(command)}; there are ${Object.keys(COMMANDS).join(', ')}.`);
  process.exit(2);
}

const node = ensureNode();
setUp(node);
for (const [label, step] of steps) {
  const last = step === steps.at(-1)[1];
  progress(`${label} ...`);
  // Only the last step says something on standard output, so that `npm run demo -- --json` can be piped.
  const { status, signal } = spawnSync(node, last ? [...step, ...args] : step, {
    cwd: ROOT,
    stdio: last ? 'inherit' : ['inherit', 2, 2],
  });
  if (status !== 0) {
    progress(`${label} failed${signal ? ` (${signal})` : ''}.`);
    process.exit(status ?? 1);
  }
}
