import { join } from 'node:path';
import { build } from 'esbuild';

/** What is measured: a request and an SQS record, with a real schema, by the number of middleware. */
export const CASES = [0, 1, 5, 20].flatMap((middleware) =>
  (['request', 'record'] as const).map((event) => ({ event, middleware })),
);

/** One of them. */
export type Case = (typeof CASES)[number];

function source({ event, middleware }: Case): string {
  const trigger =
    event === 'request'
      ? "http({ method: 'POST', path: '/orders', body: Order })"
      : "queue({ queue: 'orders', data: Order })";
  const handler =
    event === 'request' ? 'async ({ body }) => json(202, accepted(body))' : 'async ({ data }) => void accepted(data)';
  return `import { defineFunction, defineMiddleware, http, json, queue } from '@tradewind/core';
import { lambda } from '@tradewind/adapters/lambda/${event === 'request' ? 'http' : 'queue'}';
import { accepted, Order } from './order.ts';
const pass = defineMiddleware(async (_event, _context, next) => next());
let fn = defineFunction('place-order', ${trigger});
for (let n = 0; n < ${middleware}; n++) fn = fn.use(pass);
export const handler = lambda(fn.handle(${handler}));
`;
}

/** Bundles a case over the sources of a checkout, as it would be deployed. */
export async function bundleCase(one: Case, checkout: string, outfile: string, minify = true): Promise<void> {
  const from = (path: string): string => join(checkout, 'packages', path);
  await build({
    stdin: { contents: source(one), resolveDir: join(import.meta.dirname, '..'), loader: 'ts' },
    alias: {
      '@tradewind/core/adapter': from('core/src/adapter.ts'),
      '@tradewind/core': from('core/src/index.ts'),
      '@tradewind/adapters/lambda/http': from('adapters/src/lambda/http-only.ts'),
      '@tradewind/adapters/lambda/queue': from('adapters/src/lambda/queue-only.ts'),
    },
    outfile,
    bundle: true,
    minify,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    logLevel: 'error',
  });
}
