// Runs one contestant in its own process, as it is deployed: frameworks patch globals and enable async hooks, which
// would slow down others in the same process. Measures one round per request.
import { pathToFileURL } from 'node:url';
import { BAD, eventText, lambdaContext } from './event.ts';

type Handler = (event: unknown, context: object) => Promise<{ statusCode: number; body: string }>;

/** The parent's request, and the answer: microseconds per call. */
export interface Round {
  /** In ms: long enough for the compiler to finish, even for fast contestants. */
  readonly warmUp: number;
  readonly calls: number;
}

// Few enough that the events stay in the processor's cache, like those of a single request.
const BATCH = 64;

const [, , bundled = ''] = process.argv;
const { handler } = (await import(pathToFileURL(bundled).href)) as { handler: Handler };
const context = lambdaContext();
const text = eventText();

async function check(): Promise<void> {
  const { statusCode, body } = await handler(JSON.parse(text), context);
  const { id, items } = JSON.parse(body) as { id: unknown; items: unknown };
  if (statusCode !== 202 || id !== 'o-1042' || items !== 3) throw new Error(`${statusCode} ${body} to a good order`);
  for (const [what, bad, status] of BAD) {
    const answer = await handler(JSON.parse(bad), context);
    if (answer.statusCode !== status) throw new Error(`${answer.statusCode} to ${what}, not ${status}`);
  }
}

async function run(calls: number): Promise<number> {
  let nanoseconds = 0n;
  for (let done = 0; done < calls; done += BATCH) {
    const events = Array.from({ length: BATCH }, () => JSON.parse(text) as unknown);
    const start = process.hrtime.bigint();
    for (const event of events) await handler(event, context);
    nanoseconds += process.hrtime.bigint() - start;
  }
  return Number(nanoseconds) / calls / 1_000;
}

await check();
process.on('message', async ({ warmUp, calls }: Round) => {
  const end = performance.now() + warmUp;
  do await run(BATCH);
  while (performance.now() < end);
  process.send?.(await run(calls));
});
process.send?.('ready');
