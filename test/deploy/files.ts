import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../hosts/bundle.ts';

/** The folder of the tools that the workspace has installed. */
const BIN = join(ROOT, 'node_modules/.bin');

/** The path of a file in the orders app's deployments. */
export const deployed = (path: string): string => join(ROOT, 'examples/orders/deploy', path);

export const read = (path: string): string => readFileSync(deployed(path), 'utf8');

/** The manifest of one platform's folder. */
export interface Manifest {
  readonly type: string;
  readonly main?: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export const manifestOf = (folder: string): Manifest => JSON.parse(read(`${folder}/package.json`)) as Manifest;

/** A temporary folder inside the workspace, so that files in it find their packages. It is deleted after the tests. */
export function temporary(): string {
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.cache/deploy-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a folder's own `build` script with a temporary output path, and returns the path of the bundle. */
export function build(folder: string): string {
  const outfile = join(temporary(), 'index.mjs');
  // The last --outfile counts.
  const command = `${manifestOf(folder).scripts.build} --log-level=error --outfile="${outfile}"`;
  const { status, stderr } = spawnSync('sh', ['-c', command], {
    cwd: deployed(folder),
    env: { ...process.env, PATH: `${BIN}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The build of ${folder} failed: ${stderr}`);
  return outfile;
}

/** The packages that a folder's build script leaves out of the bundle. */
export function externalsOf(folder: string): readonly string[] {
  const { build: script = '' } = manifestOf(folder).scripts;
  return [...script.matchAll(/--external:(\S+)/g)].map(([, name = '']) => name);
}

/** The output file of a folder's build script. */
export function builtBy(folder: string): string | undefined {
  return /--outfile=(\S+)/.exec(manifestOf(folder).scripts.build ?? '')?.[1];
}
