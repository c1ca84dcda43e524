import { type Context, defineFunction, defineMiddleware, queue } from '@tradewind/core';
import { Invocation, InvocationContext } from '@tradewind/core/adapter';
import { digits, interleave, type Spread, spread } from './harness.ts';

/** What the chain adds to the same nesting written by hand, in nanoseconds. */
export interface ChainResult {
  readonly noLayer: Spread;
  readonly oneLayer: Spread;
  /** With five layers. */
  readonly perLayer: Spread;
  readonly perExtension: Spread;
}

type Run = (event: unknown, context: InvocationContext) => unknown;

class BenchContext extends InvocationContext {
  get platform(): string {
    return 'bench';
  }
  get invocationId(): string {
    return '1';
  }
  get rawEnv(): object {
    return {};
  }
}

const handler = async ({ id }: { id: string }): Promise<number> => id.length;
const pass = defineMiddleware(async (_event, _context, next) => next());
const define = () => defineFunction('f', queue({ queue: 'q' }));

const fn0 = define().handle(handler);
const fn1 = define().use(pass).handle(handler);
const fn5 = define().use(pass).use(pass).use(pass).use(pass).use(pass).handle(handler);
const extended = define()
  .use(async (_event, _context, next) => next({ a: 1 }))
  .use(async (_event, _context: Context & { a: number }, next) => next({ b: 1 }))
  .use(pass)
  .use(pass)
  .use(pass)
  .handle(handler);

type Nested = (event: { id: string }, context: unknown) => Promise<{ value: number }>;
const innermost: Nested = async (event) => ({ value: await handler(event) });
const nest =
  (inner: Nested): Nested =>
  async (event, context) =>
    inner(event, context);
const byHand =
  (nested: Nested): Run =>
  (event, context) =>
    nested(event as { id: string }, context).then(({ value }) => value);

const RUNS: Record<'hand0' | 'chain0' | 'hand1' | 'chain1' | 'hand5' | 'chain5' | 'extended', Run> = {
  hand0: handler as Run,
  chain0: fn0.run,
  hand1: byHand(nest(innermost)),
  chain1: fn1.run,
  hand5: byHand(nest(nest(nest(nest(nest(innermost)))))),
  chain5: fn5.run,
  extended: extended.run,
};
const NAMES = Object.keys(RUNS) as (keyof typeof RUNS)[];
const ROUNDS = 300;
const CALLS = 2_000;

/** Measures the chain alone: no adapter, no parsing. */
export async function chain(): Promise<ChainResult> {
  const context = new BenchContext(new Invocation(fn0, undefined, undefined));
  const event = { id: 'm-1' };
  const round = async (name: keyof typeof RUNS): Promise<number> => {
    const run = RUNS[name];
    const start = process.hrtime.bigint();
    for (let call = 0; call < CALLS; call++) await run(event, context);
    return Number(process.hrtime.bigint() - start) / CALLS;
  };
  for (const name of NAMES) for (let warmUp = 0; warmUp < 50; warmUp++) await round(name);
  const measured = await interleave(NAMES, ROUNDS, round);
  const over = (name: keyof typeof RUNS, reference: keyof typeof RUNS, count: number): Spread =>
    digits(spread(measured[name].map((value, index) => (value - (measured[reference][index] ?? 0)) / count)), 1);
  return {
    noLayer: over('chain0', 'hand0', 1),
    oneLayer: over('chain1', 'hand1', 1),
    perLayer: over('chain5', 'hand5', 5),
    perExtension: over('extended', 'chain5', 2),
  };
}
