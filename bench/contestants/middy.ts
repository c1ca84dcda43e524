import middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import { accepted, Order } from '../order.ts';

interface Parsed {
  body: unknown;
}

export const handler = middy()
  .use(httpJsonBodyParser())
  .use({
    onError(request) {
      const { statusCode = 500 } = (request.error ?? {}) as { statusCode?: number };
      // middy's parser answers 422 to invalid JSON.
      request.response = { statusCode: statusCode < 500 ? 400 : 500, body: '{}' };
    },
  })
  .handler(async (event: unknown) => {
    const parsed = Order.safeParse((event as Parsed).body);
    if (!parsed.success) return { statusCode: 400, body: JSON.stringify(parsed.error.issues) };
    return {
      statusCode: 202,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(accepted(parsed.data)),
    };
  });
