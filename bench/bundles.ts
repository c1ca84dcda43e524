import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const FOLDER = resolve(import.meta.dirname, '../.cache/bench');

/**
 * Every contestant, with the package that it represents. Tradewind has three: without layers, with one, and with five.
 */
export const CONTESTANTS = {
  'hand-written': undefined,
  tradewind: '@tradewind/adapters',
  'tradewind-1': '@tradewind/adapters',
  'tradewind-5': '@tradewind/adapters',
  middy: '@middy/core',
  hono: 'hono',
  h3: 'h3',
  express: 'express',
  powertools: '@aws-lambda-powertools/event-handler',
} as const;

/** A contestant's name. */
export type Name = keyof typeof CONTESTANTS;
export const NAMES = Object.keys(CONTESTANTS) as Name[];

/** Bundles a contestant as it would be deployed: as one minified file. */
export async function bundle(name: Name | `batch-${string}`): Promise<string> {
  mkdirSync(FOLDER, { recursive: true });
  const outfile = join(FOLDER, `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `contestants/${name}.ts`)],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    legalComments: 'none',
    // Express is CommonJS and requires Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'error',
  });
  return outfile;
}
