import { pathToFileURL } from 'node:url';
import { batchText } from './batch-event.ts';
import { bundle } from './bundles.ts';
import { lambdaContext } from './event.ts';
import { digits, interleave, type Spread, spread } from './harness.ts';

/** The cost of a batch of ten messages, and what it adds to parsing their bodies, in microseconds. */
export interface BatchResult {
  readonly name: string;
  readonly microseconds: Spread;
  readonly overParsing: Spread;
}

type Handler = (event: unknown, context: object) => Promise<{ batchItemFailures: { itemIdentifier: string }[] }>;

const NAMES = ['batch-parse', 'batch-tradewind', 'batch-powertools'] as const;
const ROUNDS = 300;
const CALLS = 64;

/** Measures a batch of ten good messages, after a check that contestants which report failures name the poison one. */
export async function batch(): Promise<BatchResult[]> {
  const handlers = {} as Record<(typeof NAMES)[number], Handler>;
  for (const name of NAMES) {
    ({ handler: handlers[name] } = (await import(pathToFileURL(await bundle(name)).href)) as { handler: Handler });
  }
  const context = lambdaContext();
  const error = console.error;
  console.error = () => {};
  for (const name of ['batch-tradewind', 'batch-powertools'] as const) {
    const { batchItemFailures } = await handlers[name](JSON.parse(batchText(7)), context);
    if (JSON.stringify(batchItemFailures) !== '[{"itemIdentifier":"059f36b4-87a3-44ab-83d2-661975721007"}]') {
      throw new Error(`${name} named ${JSON.stringify(batchItemFailures)}`);
    }
  }
  console.error = error;
  const text = batchText();
  const round = async (name: (typeof NAMES)[number]): Promise<number> => {
    const events = Array.from({ length: CALLS }, () => JSON.parse(text) as unknown);
    const start = process.hrtime.bigint();
    for (const event of events) await handlers[name](event, context);
    return Number(process.hrtime.bigint() - start) / CALLS / 1_000;
  };
  for (const name of NAMES) for (let warmUp = 0; warmUp < 100; warmUp++) await round(name);
  const measured = await interleave(NAMES, ROUNDS, round);
  return NAMES.map((name) => ({
    name,
    microseconds: digits(spread(measured[name]), 2),
    overParsing: digits(spread(measured[name].map((value, at) => value - (measured['batch-parse'][at] ?? 0))), 2),
  }));
}
