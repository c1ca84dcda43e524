// Runs the orders app on the real runtimes, with valid and invalid input, and shows whether they agree.

import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type FakePayments, fakePayments } from '../examples/orders/fake-payments.ts';
import { redis } from '../test/servers/redis.ts';
import { CASES, type DemoCase, place } from './cases.ts';
import { onAzure } from './platforms/azure.ts';
import { onGoogle } from './platforms/google.ts';
import { onLambda } from './platforms/lambda.ts';
import { onNode } from './platforms/node.ts';
import { chargesIn, type DemoAnswer, type DemoPlatform, type Given, reportsIn } from './platforms/platform.ts';
import { onWorkers } from './platforms/workers.ts';
import { type CaseReport, type PlatformReport, table } from './table.ts';

const asJson = process.argv.includes('--json');
const progress = (text: string): void => void process.stderr.write(`[tradewind] ${text}\n`);

if (process.argv.includes('--trace')) {
  await (await import('./trace.ts')).showTrace(progress);
  process.exit();
}

/** A platform's full results, because outcomes alone could agree by chance. */
type Said = readonly {
  readonly name: string;
  readonly isExpected: boolean;
  /** Undefined if there is only an outcome. */
  readonly full: unknown;
  readonly report: CaseReport;
}[];

/**
 * Runs a case on a platform. Returns the outcome and the full result, or undefined if the platform does not support it.
 */
async function ask(
  platform: DemoPlatform,
  payments: FakePayments,
  one: DemoCase,
): Promise<{ outcome: string; full?: unknown } | undefined> {
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
  if ('outage' in one) return { outcome: await outage(platform, payments, one.outage) };
  if ('redelivered' in one) {
    const order = JSON.stringify(one.redelivered);
    const outcomes = [...(await platform.deliver([order])), ...(await platform.deliver([order]))];
    const charges = (): number => chargesIn(platform.logs(), one.redelivered.orderId);
    await soon(() => charges() > 0);
    return { outcome: `${outcomes.join(' ')}, charged ${charges() === 1 ? 'once' : `${charges()} times`}` };
  }
  if ('orders' in one) {
    for (const order of one.orders) await platform.request(place(JSON.stringify(order)));
    return { outcome: (await platform.follow(one.orders.map(({ orderId }) => orderId))).join(' ') };
  }
  if ('due' in one) {
    const before = reportsIn(platform.logs()).length;
    await platform.report(one.due);
    await soon(() => reportsIn(platform.logs()).length > before);
    return { outcome: reportsIn(platform.logs())[before] ?? 'nothing' };
  }
  return platform.event && { outcome: (await platform.event(one.event)) ? 'ack' : 'retry' };
}

/** In ms: slightly longer than the app's circuit breaker stays open. */
const UNTIL_BACK = 1_200;

/** Delivers orders and reads the payment methods while the payment service is up, down, and up again. */
async function outage(
  platform: DemoPlatform,
  payments: FakePayments,
  [good, first, ...others]: readonly [object, object, ...object[]],
): Promise<string> {
  const deliver = async (order: object): Promise<string> => (await platform.deliver([JSON.stringify(order)])).join();
  const methods = async (): Promise<string> => {
    const { body } = await platform.request({ method: 'GET', path: '/payment-methods' });
    return (JSON.parse(body) as { methods: string[] }).methods.join(' ');
  };
  await deliver(good);
  const before = payments.asked.length;
  payments.isOut = true;
  const outcomes = [await deliver(first)];
  for (const order of others) outcomes.push(await deliver(order));
  const asked = payments.asked.length - before;
  const without = await methods();
  payments.isOut = false;
  await sleep(UNTIL_BACK);
  return `${outcomes.join(' ')}, asked ${asked} times, ${without}; ${await deliver(first)}, ${await methods()}`;
}

/** Waits a little, because log lines may arrive late. */
async function soon(isThere: () => boolean): Promise<void> {
  for (let look = 0; look < 50 && !isThere(); look++) await sleep(20);
}

async function attempt(
  platform: DemoPlatform,
  payments: FakePayments,
  one: DemoCase,
): Promise<Said[number] | undefined> {
  const start = performance.now();
  let said: Awaited<ReturnType<typeof ask>>;
  try {
    said = await ask(platform, payments, one);
  } catch (error) {
    said = { outcome: `failed: ${(error as Error).message}` };
  }
  if (!said) return undefined;
  const ms = Math.round((performance.now() - start) * 10) / 10;
  const expected = platform.delays ? one.expected : one.expected.replaceAll('retryLater', 'retry');
  const { outcome, full } = said;
  return { name: one.name, isExpected: outcome === expected, full, report: { case: one.name, outcome, ms } };
}

type Start = (given: Pick<Given, 'PAY_URL'>) => Promise<DemoPlatform>;

/** Starts a platform with a Redis, which stops with it. */
function withRedis(start: (given: Given) => Promise<DemoPlatform>): Start {
  return async (given) => {
    const { server, servers } = await redis();
    const platform = await start({ ...given, REDIS_URL: `redis://127.0.0.1:${server.port}` });
    return {
      ...platform,
      async stop() {
        await platform.stop();
        await servers[Symbol.asyncDispose]();
      },
    };
  };
}

async function runOn(start: Start): Promise<{ said: Said; standIns: readonly string[]; report: PlatformReport }> {
  await using payments = await fakePayments();
  const platform = await start({ PAY_URL: payments.url });
  try {
    const said: Said[number][] = [];
    for (const one of CASES) {
      progress(`${platform.platform}: ${one.name}`);
      const tried = await attempt(platform, payments, one);
      if (tried) said.push(tried);
    }
    const { platform: name, host, version, standIns } = platform;
    return { said, standIns, report: { platform: name, host, version, cases: said.map(({ report }) => report) } };
  } finally {
    await platform.stop();
  }
}

const results: Awaited<ReturnType<typeof runOn>>[] = [];
// Each platform has its own records.
for (const start of [onLambda, withRedis(onAzure), withRedis(onGoogle), onWorkers, withRedis(onNode)]) {
  results.push(await runOn(start));
}

/** The results of a case on every platform that supports it. */
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
  console.log(`\nReplaced by a stand-in, because it is not available here: ${standIns.join('; ')}.`);
  console.log(
    'The Pub/Sub subscription sets delays: where other platforms show retryLater, Google Cloud and Node show retry.',
  );
  console.log(
    agree
      ? `\nThe ${platforms.length} platforms agree on every one of ${CASES.length} cases.`
      : '\nThe platforms DISAGREE, or a case did not have the expected outcome:',
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
