import { execFile } from 'node:child_process';
import { delimiter, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export const ROOT: string = resolve(import.meta.dirname, '../..');

/** What a user's shell has: nothing of the npm that may have started the tests, and no network to fetch from. */
export const ENV: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))),
  PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
  npm_config_offline: 'true',
  NO_COLOR: '1',
};

/** Runs a command to its end, and gives what it wrote on standard output; rejects with everything that it said. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const options = { cwd, env: ENV, maxBuffer: 16 * 1024 * 1024 };
  try {
    return (await execute(command, args, options)).stdout;
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error([`${command} ${args.join(' ')}`, stdout, stderr ?? message].join('\n'));
  }
}

/** Runs one of this repository's own tools, named by its file in node_modules. */
export function tool(file: string, args: readonly string[], cwd: string): Promise<string> {
  return run(process.execPath, [resolve(ROOT, 'node_modules', file), ...args], cwd);
}
