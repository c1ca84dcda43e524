import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { accepted, Order } from '../order.ts';

const app = new Hono();
app.post('/orders', async (context) => {
  let body: unknown;
  try {
    body = await context.req.json();
  } catch {
    return context.json({ detail: 'The body is not valid JSON.' }, 400);
  }
  const parsed = Order.safeParse(body);
  if (!parsed.success) return context.json({ errors: parsed.error.issues }, 400);
  return context.json(accepted(parsed.data), 202);
});

export const handler = handle(app);
