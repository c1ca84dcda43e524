// Prints how long a bundle's import and first call take, in ms.
import { pathToFileURL } from 'node:url';
import { eventText, lambdaContext } from './event.ts';

const [, , bundled = ''] = process.argv;
const url = pathToFileURL(bundled).href;
const event: unknown = JSON.parse(eventText());
const context = lambdaContext();
const start = performance.now();
const { handler } = (await import(url)) as {
  handler: (event: unknown, context: object) => Promise<{ statusCode: number }>;
};
const { statusCode } = await handler(event, context);
const end = performance.now();
if (statusCode !== 202) throw new Error(String(statusCode));
console.log(end - start);
