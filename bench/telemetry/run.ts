// Measures what telemetry adds to a call, and compares a log line with similar libraries. Takes a minute.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger as Powertools } from '@aws-lambda-powertools/logger';
import { defineFunction, queue } from '@tradewind/core';
import { Invocation, InvocationContext } from '@tradewind/core/adapter';
import { tracing } from '@tradewind/telemetry';
import { jsonLogger, pinoLogger, powertoolsLogger } from '@tradewind/telemetry/logging';
import { pino } from 'pino';
import { digits, interleave, ratios, spread } from '../harness.ts';
import { versionsOf } from '../report.ts';

const ROUNDS = 15;
const CALLS = 50_000;
const progress = (text: string): void => void process.stderr.write(`[bench] ${text}\n`);

/** Lines are discarded: only making them is measured. */
const nothing = (): void => {};
const sink = { debug: nothing, info: nothing, warn: nothing, error: nothing };

class BenchContext extends InvocationContext {
  get platform(): string {
    return 'bench';
  }
  get invocationId(): string {
    return 'b0a1c2d3-0000-4000-8000-000000000001';
  }
  get rawEnv(): object {
    return {};
  }
  override get logSink(): typeof sink {
    return sink;
  }
}

progress('tracing without an SDK');
const handler = async ({ id }: { id: string }): Promise<number> => id.length;
const bare = defineFunction('f', queue({ queue: 'q' })).handle(handler);
const traced = defineFunction
  .use(tracing())('f', queue({ queue: 'q' }))
  .handle(handler);
const event = { id: 'm-1', source: '/bench', type: 'bench', extensions: {}, data: 1 };
const calling = (fn: typeof bare) => async (): Promise<number> => {
  const context = new BenchContext(new Invocation(fn as never, event, undefined));
  const start = performance.now();
  for (let call = 0; call < CALLS; call++) await fn.run(event, context);
  return ((performance.now() - start) / CALLS) * 1e6;
};
const runs = { bare: calling(bare), traced: calling(traced as never) };
for (const run of Object.values(runs)) await run();
const called = await interleave(['bare', 'traced'], ROUNDS, (name) => runs[name]());
const tracingOver = digits(spread(called.traced.map((ns, round) => ns - (called.bare[round] ?? Number.NaN))), 0);

progress('a log line');
process.env.POWERTOOLS_DEV = 'true';
const { info } = console;
const context = new BenchContext(new Invocation(bare as never, event, undefined));
const default_ = context.log;
const loggers = {
  tradewind: jsonLogger()(context as never),
  'core, the default': default_,
  pino: pinoLogger(pino({}, { write: nothing }))(context as never),
  powertools: powertoolsLogger(new Powertools({ serviceName: 'orders' }))(context as never),
};
const fields = { orderId: 'o-1', cents: 1_200, items: [{ sku: 'tea', qty: 2 }], customer: { name: 'Ada', vip: true } };
console.info = nothing;
const line = async (name: keyof typeof loggers): Promise<number> => {
  const log = loggers[name];
  const start = performance.now();
  for (let call = 0; call < CALLS; call++) log.info('Order charged.', fields);
  return ((performance.now() - start) / CALLS) * 1e6;
};
const names = Object.keys(loggers) as (keyof typeof loggers)[];
for (const name of names) await line(name);
const written = await interleave(names, ROUNDS, line);
console.info = info;
const lines = names.map((name) => ({
  name,
  ns: digits(spread(written[name]), 0),
  ofPino: digits(ratios(written[name], written.pino), 2),
}));

const own = lines.find(({ name }) => name === 'tradewind');
const budgets = [
  ['tracing() without an SDK', 'ns', 150, tracingOver.median],
  ['a line, of pino’s', 'x', 1.5, own?.ofPino.median],
  ['a line, of Powertools’', 'x', 1, digits(ratios(written.tradewind, written.powertools), 2).median],
].map(([name, unit, budget, value]) => ({ name, unit, budget, measured: value, met: Number(value) <= Number(budget) }));
const versions = versionsOf(['@opentelemetry/api', '@aws-lambda-powertools/logger', 'pino']);
const results = {
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  versions,
  budgets,
  tracingOver,
  lines,
};
writeFileSync(join(import.meta.dirname, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
console.table(
  lines.map(({ name, ns, ofPino }) => ({ name, ns: ns.median, p10: ns.p10, p90: ns.p90, 'of pino': ofPino.median })),
);
console.table(budgets);
