// Runs the orders app on the real runtimes, with good and bad input, and shows whether they agree.
import { isDeepStrictEqual } from 'node:util';
import { redis } from '../test/servers/redis.ts';
import { CASES, type DemoCase, place } from './cases.ts';
import { onAzure } from './platforms/azure.ts';
import { onGoogle } from './platforms/google.ts';
import { onLambda } from './platforms/lambda.ts';
import { onNode } from './platforms/node.ts';
import type { DemoAnswer, DemoPlatform } from './platforms/platform.ts';
import { onWorkers } from './platforms/workers.ts';
import { type CaseReport, type PlatformReport, table } from './table.ts';

const asJson = process.argv.includes('--json');
const progress = (text: string): void => void process.stderr.write(`[tradewind] ${text}\n`);

/** What a platform said in full: outcomes alone could agree by chance. */
type Said = readonly {
  readonly name: string;
  readonly isExpected: boolean;
  /** Undefined where there is no more than the outcome. */
  readonly full: unknown;
  readonly report: CaseReport;
}[];

/** What a platform said of a case: in a word, and in full. Undefined where it has no such thing. */
async function ask(platform: DemoPlatform, one: DemoCase): Promise<{ outcome: string; full?: unknown } | undefined> {
  if ('request' in one) {
    const full = await platform.request(one.request);
    const outcome = String(full.status);
    return one.byHost?.includes(platform.platform) ? { outcome } : { outcome, full };
  }
  if ('again' in one) {
    const all: DemoAnswer[] = [];
    for (const request of one.again) all.push(await platform.request(request));
    return {
      outcome: all.map(({ status, isReplayed }) => `${status}${isReplayed ? '-replayed' : ''}`).join(' '),
      full: all,
    };
  }
  if ('messages' in one) {
    const texts = one.messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)));
    return { outcome: (await platform.deliver(texts)).join(' ') };
  }
  if ('redelivered' in one) {
    const order = JSON.stringify(one.redelivered);
    const outcomes = [...(await platform.deliver([order])), ...(await platform.deliver([order]))];
    const charges = await charged(platform, one.redelivered.orderId);
    return { outcome: `${outcomes.join(' ')}, charged ${charges === 1 ? 'once' : `${charges} times`}` };
  }
  if ('orders' in one) {
    for (const order of one.orders) await platform.request(place(JSON.stringify(order)));
    return { outcome: (await platform.follow(one.orders.map(({ orderId }) => orderId))).join(' ') };
  }
  if ('due' in one) return { outcome: await platform.report(one.due) };
  return platform.event && { outcome: (await platform.event(one.event)) ? 'ack' : 'retry' };
}

/** What was logged may be on its way. */
async function charged(platform: DemoPlatform, orderId: string): Promise<number> {
  for (let look = 0; look < 50 && platform.charges(orderId) === 0; look++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return platform.charges(orderId);
}

async function attempt(platform: DemoPlatform, one: DemoCase): Promise<Said[number] | undefined> {
  const start = performance.now();
  let said: Awaited<ReturnType<typeof ask>>;
  try {
    said = await ask(platform, one);
  } catch (error) {
    said = { outcome: `failed: ${(error as Error).message}` };
  }
  if (!said) return undefined;
  const ms = Math.round((performance.now() - start) * 10) / 10;
  const expected = platform.delays ? one.expected : one.expected.replaceAll('retryLater', 'retry');
  const { outcome, full } = said;
  return { name: one.name, isExpected: outcome === expected, full, report: { case: one.name, outcome, ms } };
}

/** Starts a platform beside a Redis, which stops with it. */
function withRedis(start: (url: string) => Promise<DemoPlatform>): () => Promise<DemoPlatform> {
  return async () => {
    const { server, servers } = await redis();
    const platform = await start(`redis://127.0.0.1:${server.port}`);
    return {
      ...platform,
      async stop() {
        await platform.stop();
        await servers[Symbol.asyncDispose]();
      },
    };
  };
}

async function runOn(
  start: () => Promise<DemoPlatform>,
): Promise<{ said: Said; standIns: readonly string[]; report: PlatformReport }> {
  const platform = await start();
  try {
    const said: Said[number][] = [];
    for (const one of CASES) {
      progress(`${platform.platform}: ${one.name}`);
      const tried = await attempt(platform, one);
      if (tried) said.push(tried);
    }
    const { platform: name, host, version, standIns } = platform;
    return { said, standIns, report: { platform: name, host, version, cases: said.map(({ report }) => report) } };
  } finally {
    await platform.stop();
  }
}

const results: Awaited<ReturnType<typeof runOn>>[] = [];
// Each platform has records of its own.
for (const start of [onLambda, withRedis(onAzure), withRedis(onGoogle), onWorkers, withRedis(onNode)]) {
  results.push(await runOn(start));
}

/** What every platform that has the case said of it. */
const saidOf = (name: string) => results.flatMap(({ said }) => said.filter((one) => one.name === name));
const agreeing = new Set(
  CASES.filter(({ name }) => {
    const all = saidOf(name);
    const [reference, ...others] = all.filter(({ full }) => full !== undefined);
    return (
      all.length > 1 &&
      all.every(({ isExpected }) => isExpected) &&
      others.every(({ full }) => isDeepStrictEqual(full, reference?.full))
    );
  }).map(({ name }) => name),
);
const agree = agreeing.size === CASES.length;
const platforms = results.map(({ report }) => report);

if (asJson) console.log(JSON.stringify({ agree, platforms }));
else {
  console.log(table(platforms, (name) => agreeing.has(name)));
  const standIns = results.flatMap(({ report, standIns: parts }) =>
    parts.map((part) => `${part} (${report.platform})`),
  );
  console.log(`\nNot the real thing, but a stand-in, because it cannot be had: ${standIns.join('; ')}.`);
  console.log(
    'Pub/Sub delays by its subscription: where another platform says retryLater, Google Cloud and Node say retry.',
  );
  console.log(
    agree
      ? `\nThe ${platforms.length} platforms agree on every one of ${CASES.length} cases.`
      : '\nThe platforms DISAGREE, or a case did not end as expected:',
  );
  for (const { name, expected } of CASES) {
    if (agreeing.has(name)) continue;
    console.log(`  ${name}: expected ${expected}`);
    for (const { said, report } of results) {
      const one = said.find((found) => found.name === name);
      if (one) console.log(`    ${report.platform}: ${JSON.stringify(one.full ?? one.report.outcome)}`);
    }
  }
}
process.exitCode = agree ? 0 : 1;
