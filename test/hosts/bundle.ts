import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

/** The AWS SDK contains CommonJS, which requires Node's own modules. */
// Google's packages read files next to their own, so they are deployed in node_modules.
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Bundles an entry file as a user would, against the built packages, and returns the path of the bundle. */
export async function bundle(entry: string, platform: 'node' | 'workers'): Promise<string> {
  const name = entry.replace(/\.ts$/, '').replaceAll(/[^\w]+/g, '-');
  const folder = join(ROOT, '.cache/hosts', `${name}-${process.pid}`);
  await mkdir(folder, { recursive: true });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, 'index.mjs');
  await build({
    entryPoints: [resolve(ROOT, entry)],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2023',
    logLevel: 'silent',
    ...(platform === 'node'
      ? {
          platform: 'node',
          banner: { js: REQUIRE },
          external: ['@azure/functions-core', '@google-cloud/*'],
        }
      : {
          // As wrangler sets them.
          platform: 'browser',
          conditions: ['workerd', 'worker', 'browser'],
          external: ['cloudflare:*', 'node:*'],
          plugins: [nodeModules],
        }),
  });
  return outfile;
}

/** Makes Node's modules available to CommonJS, as wrangler does with `nodejs_compat`. */
const nodeModules: Plugin = {
  name: 'node-modules',
  setup(bundling) {
    bundling.onResolve({ filter: /^\w+$/ }, ({ path, kind }) =>
      kind === 'require-call' && builtinModules.includes(path) ? { path, namespace: 'node' } : undefined,
    );
    bundling.onLoad({ filter: /.*/, namespace: 'node' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};
