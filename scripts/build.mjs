// Builds the packages: one file a subpath, because each module costs half a millisecond at a cold start.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { progress, ROOT } from './setup.mjs';

// The subpaths of core share one more file, because its classes must be the same ones for all of them. Nobody meets two
// adapters or two stores, so each has its own copy of what they have in common, and a function loads nothing of another one.
const PACKAGES = [
  { name: 'core', shares: true },
  { name: 'adapters', shares: false },
  { name: 'idempotency', shares: false },
  { name: 'resilience', shares: false },
  { name: 'telemetry', shares: false },
];

for (const { name, shares } of PACKAGES) {
  const folder = join(ROOT, 'packages', name);
  if (isFresh(folder)) continue;
  progress(`building @tradewind/${name} ...`);
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  await bundle(folder, shares);
  emitTypes(folder);
}

/** Whether everything that is built is newer than everything that it is built from. */
function isFresh(folder) {
  const manifest = join(folder, 'package.json');
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8'));
  const built = entriesOf(exports).flatMap((entry) => Object.values(entry).map((path) => join(folder, path)));
  if (!built.every(existsSync)) return false;
  const sources = globSync(join(folder, 'src/**/*.ts'), { exclude: (path) => /\.test(-d)?\.ts$/.test(path) });
  const inputs = [...sources, manifest, import.meta.filename, join(ROOT, 'package-lock.json')];
  return Math.max(...inputs.map(changed)) < Math.min(...built.map(changed));
}

/** The subpaths that are built: all but the manifest. */
function entriesOf(exports) {
  return Object.values(exports).filter((entry) => typeof entry === 'object');
}

function changed(path) {
  return statSync(path).mtimeMs;
}

async function bundle(folder, shares) {
  const {
    exports,
    dependencies = {},
    peerDependencies = {},
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const inputs = entriesOf(exports).map(({ types, default: file }) => [
    file.replace('./dist/', '').replace(/\.js$/, ''),
    join(folder, types.replace('./dist/', 'src/').replace(/\.d\.ts$/, '.ts')),
  ]);
  const outside = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
  const external = (id) => id.startsWith('node:') || outside.some((name) => id === name || id.startsWith(`${name}/`));
  for (const input of shares ? [inputs] : inputs.map((entry) => [entry])) {
    const bundled = await rolldown({
      input: Object.fromEntries(input),
      external,
      resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
      treeshake: { moduleSideEffects: false },
      onLog(level, log) {
        if (level === 'warn') throw new Error(log.message);
      },
    });
    await bundled.write({
      dir: join(folder, 'dist'),
      format: 'esm',
      comments: { annotation: true, jsdoc: false, legal: true },
      chunkFileNames: 'shared.js',
      ...(shares && { codeSplitting: { groups: [{ name: 'shared', minShareCount: 2 }] } }),
    });
    await bundled.close();
  }
}

function emitTypes(folder) {
  rmSync(join(folder, 'tsconfig.tsbuildinfo'), { force: true });
  const { status } = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-b', folder], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
}
