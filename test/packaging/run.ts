import { execFile } from 'node:child_process';
import { delimiter, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export const ROOT: string = resolve(import.meta.dirname, '../..');

/**
 * The environment of a user's shell: without the variables of the npm that may run the tests, and without a network.
 */
export const ENV: Readonly<Record<string, string | undefined>> = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name))),
  PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
  npm_config_offline: 'true',
  NO_COLOR: '1',
};

/** Runs a command, and returns its standard output. Rejects with all its output if it fails. */
export async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const options = { cwd, env: ENV, maxBuffer: 16 * 1024 * 1024 };
  try {
    return (await execute(command, args, options)).stdout;
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error([`${command} ${args.join(' ')}`, stdout, stderr ?? message].join('\n'));
  }
}

/** Runs one of this repository's tools, by its file in node_modules. */
export function tool(file: string, args: readonly string[], cwd: string): Promise<string> {
  return run(process.execPath, [resolve(ROOT, 'node_modules', file), ...args], cwd);
}
