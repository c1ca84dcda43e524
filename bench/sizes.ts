import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** The size of a function in bytes, bundled and minified, without its schema library. */
export interface SizeResult {
  readonly name: string;
  readonly minified: number;
  readonly gzip: number;
}

const FUNCTION = `import { defineFunction, http, json } from '@tradewind/core';
import { Order } from './schema';
const fn = defineFunction('place-order', http({ method: 'POST', path: '/orders', body: Order })).handle(({ body }) => json(202, body));
`;
const MESSAGES = `import { defineFunction, queue } from '@tradewind/core';
import { Order } from './schema';
const fn = defineFunction('charge', queue({ queue: 'orders', data: Order })).handle(({ data }) => data);
`;

/** A small function for each entry point, and equivalents for similar frameworks. */
const ENTRIES: Readonly<Record<string, string>> = {
  'lambda/http': `${FUNCTION}import { lambda } from '@tradewind/adapters/lambda/http'; export const handler = lambda(fn);`,
  'lambda/queue': `${MESSAGES}import { lambda } from '@tradewind/adapters/lambda/queue'; export const handler = lambda(fn);`,
  lambda: `${FUNCTION}import { lambda } from '@tradewind/adapters/lambda'; export const handler = lambda(fn);`,
  cloudflare: `${FUNCTION}import { cloudflare } from '@tradewind/adapters/cloudflare'; export default cloudflare(fn);`,
  azure: `${FUNCTION}import { azure } from '@tradewind/adapters/azure'; export default (app) => azure(app, fn);`,
  gcf: `${FUNCTION}import { gcf } from '@tradewind/adapters/gcf'; export default (framework) => gcf(framework, fn);`,
  node: `${FUNCTION}import { node } from '@tradewind/adapters/node'; export default node(fn);`,
  'hono (aws-lambda)': `import { Hono } from 'hono'; import { handle } from 'hono/aws-lambda'; import { Order } from './schema';
const app = new Hono(); app.post('/orders', async (c) => c.json(Order.parse(await c.req.json()), 202)); export const handler = handle(app);`,
  'middy + JSON body parser': `import middy from '@middy/core'; import parse from '@middy/http-json-body-parser'; import { Order } from './schema';
export const handler = middy().use(parse()).handler(async (event) => ({ statusCode: 202, body: JSON.stringify(Order.parse(event.body)) }));`,
  'powertools (http)': `import { Router } from '@aws-lambda-powertools/event-handler/http'; import { Order } from './schema';
const app = new Router(); app.post('/orders', async ({ req }) => Order.parse(await req.json())); export const handler = (e, c) => app.resolve(e, c);`,
};

/** Bundles each entry point and measures its size. */
export async function sizes(): Promise<SizeResult[]> {
  const results: SizeResult[] = [];
  for (const [name, contents] of Object.entries(ENTRIES)) {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
      bundle: true,
      minify: true,
      write: false,
      platform: 'node',
      format: 'esm',
      target: 'node22',
      external: ['./schema'],
      legalComments: 'none',
    });
    const bytes = outputFiles[0]?.contents ?? new Uint8Array();
    results.push({ name, minified: bytes.byteLength, gzip: gzipSync(bytes, { level: 9 }).byteLength });
  }
  return results;
}
