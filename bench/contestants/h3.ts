import { H3, HTTPError } from 'h3';
import { toLambdaHandler } from 'srvx/aws-lambda';
import { accepted, Order } from '../order.ts';

const app = new H3();
app.post('/orders', async (event) => {
  let body: unknown;
  try {
    body = await event.req.json();
  } catch {
    throw new HTTPError({ status: 400, message: 'The body is not valid JSON.' });
  }
  const parsed = Order.safeParse(body);
  if (!parsed.success) throw new HTTPError({ status: 400, data: parsed.error.issues });
  event.res.status = 202;
  return accepted(parsed.data);
});

export const handler = toLambdaHandler({ fetch: app.fetch });
