// Runs one case of one commit in a process of its own, and measures one round per request of the parent.
import { pathToFileURL } from 'node:url';
import { batchText } from '../batch-event.ts';
import type { Round } from '../contestant-process.ts';
import { eventText, lambdaContext } from '../event.ts';

type Handler = (event: unknown, context: object) => Promise<{ statusCode?: number; batchItemFailures?: unknown[] }>;

// Few enough that the events stay in the processor's cache, like those of a single request.
const BATCH = 64;

const [, , bundled = '', event = ''] = process.argv;
const { handler } = (await import(pathToFileURL(bundled).href)) as { handler: Handler };
const context = lambdaContext();
const text = event === 'request' ? eventText() : batchText(undefined, 1);

async function run(calls: number): Promise<number> {
  let nanoseconds = 0n;
  for (let done = 0; done < calls; done += BATCH) {
    const events = Array.from({ length: BATCH }, () => JSON.parse(text) as unknown);
    const start = process.hrtime.bigint();
    for (const one of events) await handler(one, context);
    nanoseconds += process.hrtime.bigint() - start;
  }
  return Number(nanoseconds) / calls / 1_000;
}

const { statusCode, batchItemFailures } = await handler(JSON.parse(text), context);
if (event === 'request' ? statusCode !== 202 : batchItemFailures?.length !== 0) throw new Error('The answer is wrong.');
process.on('message', async ({ warmUp, calls }: Round) => {
  const end = performance.now() + warmUp;
  do await run(BATCH);
  while (performance.now() < end);
  process.send?.(await run(calls));
});
process.send?.('ready');
