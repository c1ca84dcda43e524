// Prints the number of bytes that a warm call allocates.
import { pathToFileURL } from 'node:url';
import { eventText, lambdaContext } from './event.ts';

const [, , bundled = '', calls = ''] = process.argv;
const { handler } = (await import(pathToFileURL(bundled).href)) as {
  handler: (event: unknown, context: object) => unknown;
};
const text = eventText();
const context = lambdaContext();
for (let warmUp = 0; warmUp < 30_000; warmUp++) await handler(JSON.parse(text), context);
const events = Array.from({ length: Number(calls) }, () => JSON.parse(text) as unknown);
globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
for (const event of events) await handler(event, context);
console.log((process.memoryUsage().heapUsed - before) / events.length);
