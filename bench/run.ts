// Compares Tradewind with a hand-written handler and with similar frameworks, or with `--against <commit>` with an older
// Tradewind. Takes a few minutes.
import { parseArgs } from 'node:util';
import { against } from './against/run.ts';
import { allocation } from './allocation.ts';
import { batch } from './batch.ts';
import { chain } from './chain.ts';
import { cold } from './cold.ts';
import { draw } from './draw.ts';
import { report, write } from './report.ts';
import { routing, rows } from './routing.ts';
import { sizes } from './sizes.ts';
import { warm } from './warm.ts';
import { ways } from './way.ts';

const { values } = parseArgs({ options: { against: { type: 'string' } } });
if (values.against !== undefined) {
  await against(values.against);
  process.exit();
}

const progress = (text: string): void => void process.stderr.write(`[bench] ${text}\n`);

progress('sizes');
const weighed = await sizes();
progress('chain');
const chained = await chain();
progress('batches');
const batched = await batch();
progress('routing');
const routed = await routing();
progress('allocation');
const allocated = await allocation();
progress('import and first call');
const cooled = await cold();
progress('warm calls, after a check that every contestant answers right');
const warmed = await warm();

const results = report({
  warm: warmed,
  batch: batched,
  routing: routed,
  chain: chained,
  allocation: allocated,
  cold: cooled,
  sizes: weighed,
});
write(results);
draw(results);

console.table(
  warmed.map(({ name, microseconds, ratio }) => ({
    name,
    µs: microseconds.median,
    'x hand-written': ratio.median,
    p10: ratio.p10,
    p90: ratio.p90,
  })),
);
console.table(
  results.cold.map(({ name, milliseconds, over }) => ({ name, 'cold ms': milliseconds.median, over: over.median })),
);
console.table(
  batched.map(({ name, microseconds, overParsing }) => ({
    name,
    µs: microseconds.median,
    'over parsing': overParsing.median,
  })),
);
console.table(rows(routed));
console.table(weighed);
console.table(await ways());
console.table(results.budgets);
