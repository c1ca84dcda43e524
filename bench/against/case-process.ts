// Runs one case of one commit in a process of its own, and measures one round per request of the parent.
import { pathToFileURL } from 'node:url';
import { batchText } from '../batch-event.ts';
import { eventText, lambdaContext } from '../event.ts';
import { answerRounds } from '../rounds.ts';

type Handler = (event: unknown, context: object) => Promise<{ statusCode?: number; batchItemFailures?: unknown[] }>;

const [, , bundled = '', event = ''] = process.argv;
const { handler } = (await import(pathToFileURL(bundled).href)) as { handler: Handler };
const context = lambdaContext();
const text = event === 'request' ? eventText() : batchText(undefined, 1);

const { statusCode, batchItemFailures } = await handler(JSON.parse(text), context);
if (event === 'request' ? statusCode !== 202 : batchItemFailures?.length !== 0) throw new Error('The answer is wrong.');
answerRounds((came) => handler(came, context), text);
