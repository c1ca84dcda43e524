import express, { type NextFunction, type Request, type Response } from 'express';
import serverless from 'serverless-http';
import { accepted, Order } from '../order.ts';

const app = express();
app.use(express.json());
app.post('/orders', (request, response) => {
  const parsed = Order.safeParse(request.body);
  if (!parsed.success) response.status(400).json({ errors: parsed.error.issues });
  else response.status(202).json(accepted(parsed.data));
});
app.use((_error: unknown, _request: Request, response: Response, _next: NextFunction) => {
  response.status(400).json({ detail: 'The body is not valid JSON.' });
});

export const handler = serverless(app as never);
