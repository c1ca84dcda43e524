import { Router } from '@aws-lambda-powertools/event-handler/http';
import { accepted, Order } from '../order.ts';

const app = new Router();
const answer = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

app.post('/orders', async ({ req }) => {
  let body: unknown;
  try {
    body = await req.json();
  } catch {
    return answer(400, { detail: 'The body is not valid JSON.' });
  }
  const parsed = Order.safeParse(body);
  return parsed.success ? answer(202, accepted(parsed.data)) : answer(400, { errors: parsed.error.issues });
});

export const handler = (event: unknown, context: never): Promise<unknown> => app.resolve(event, context);
