// Runs one contestant in its own process, as it is deployed: frameworks patch globals and enable async hooks, which
// would slow down others in the same process. Measures one round per request.
import { pathToFileURL } from 'node:url';
import { BAD, eventText, lambdaContext } from './event.ts';
import { answerRounds } from './rounds.ts';

type Handler = (event: unknown, context: object) => Promise<{ statusCode: number; body: string }>;

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

await check();
answerRounds((event) => handler(event, context), text);
