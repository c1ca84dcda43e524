// Runs the orders app on the real runtimes, with good and bad input, and shows whether they agree.
import { isDeepStrictEqual } from 'node:util';
import { CASES, type DemoCase, place } from './cases.ts';
import { type DemoPlatform, onLambda, onNode, onWorkers } from './platforms.ts';
import { type CaseReport, type PlatformReport, table } from './table.ts';

const asJson = process.argv.includes('--json');
const progress = (text: string): void => void process.stderr.write(`[tradewind] ${text}\n`);

/** What a platform said in full: outcomes alone could agree by chance. */
type Said = readonly { readonly name: string; readonly full: unknown; readonly report: CaseReport }[];

/** Undefined where a platform has no such thing. */
async function attempt(platform: DemoPlatform, one: DemoCase): Promise<Said[number] | undefined> {
  if (('messages' in one && !platform.deliver) || ('orders' in one && !platform.follow)) return undefined;
  const start = performance.now();
  let outcome: string;
  let full: unknown;
  try {
    if ('request' in one) {
      const answer = await platform.request(one.request);
      outcome = String(answer.status);
      full = answer;
    } else if ('messages' in one) {
      outcome = (await platform.deliver?.(one.messages))?.join(' ') ?? '';
      full = outcome;
    } else {
      for (const order of one.orders) await platform.request(place(JSON.stringify(order)));
      outcome = (await platform.follow?.(one.orders.map(({ orderId }) => orderId)))?.join(' ') ?? '';
      full = outcome;
    }
  } catch (error) {
    outcome = `failed: ${(error as Error).message}`;
    full = outcome;
  }
  const ms = Math.round((performance.now() - start) * 10) / 10;
  return { name: one.name, full, report: { case: one.name, outcome, ms } };
}

async function runOn(start: () => Promise<DemoPlatform>): Promise<{ said: Said; report: PlatformReport }> {
  const platform = await start();
  try {
    const said: Said[number][] = [];
    for (const one of CASES) {
      progress(`${platform.platform}: ${one.name}`);
      const tried = await attempt(platform, one);
      if (tried) said.push(tried);
    }
    const { platform: name, host, version } = platform;
    return { said, report: { platform: name, host, version, cases: said.map(({ report }) => report) } };
  } finally {
    await platform.stop();
  }
}

const results: Awaited<ReturnType<typeof runOn>>[] = [];
for (const start of [onLambda, onWorkers, onNode]) results.push(await runOn(start));

/** What every platform that has the case said of it. */
const saidOf = (name: string) => results.flatMap(({ said }) => said.filter((one) => one.name === name));
const agreeing = new Set(
  CASES.filter(({ name, expected }) => {
    const [reference, ...others] = saidOf(name);
    const same = others.every((other) => isDeepStrictEqual(other.full, reference?.full));
    return same && reference?.report.outcome === expected;
  }).map(({ name }) => name),
);
const agree = agreeing.size === CASES.length;
const platforms = results.map(({ report }) => report);

if (asJson) console.log(JSON.stringify({ agree, platforms }));
else {
  console.log(table(platforms, (name) => agreeing.has(name)));
  console.log('\nSQS itself runs nowhere but at AWS: a stand-in for it hands the batches to the runtime client.');
  console.log(
    agree ? '\nThe platforms agree on every case.' : '\nThe platforms DISAGREE, or a case did not end as expected:',
  );
  for (const { name, expected } of CASES) {
    if (agreeing.has(name)) continue;
    console.log(`  ${name}: expected ${expected}`);
    for (const { said, report } of results) {
      const full = said.find((one) => one.name === name)?.full;
      if (full !== undefined) console.log(`    ${report.platform}: ${JSON.stringify(full)}`);
    }
  }
}
process.exitCode = agree ? 0 : 1;
