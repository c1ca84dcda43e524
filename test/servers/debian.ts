import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = join(import.meta.dirname, '../../.cache/debian');

/**
 * The folder into which Debian's packages are unpacked, the system untouched. Brought once, into the cache.
 *
 * @param name - of what the packages bring, to say what is missing if they cannot be brought.
 */
export async function unpacked(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  try {
    return await brought(name, packages, folder);
  } catch (error) {
    const why = String((error as Error).message)
      .trim()
      .replaceAll(/\s*\n\s*/g, '; ');
    throw new Error(`'${name}' is neither installed nor can Debian's package be unpacked into ${CACHE}: ${why}`);
  }
}

async function brought(name: string, packages: readonly string[], folder: string): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const staging = await mkdtemp(join(CACHE, `${name}-`));
  try {
    await download(packages, staging);
    for (const file of await readdir(staging)) {
      if (file.endsWith('.deb')) await run('dpkg', ['-x', file, 'root'], { cwd: staging });
    }
    // Another test file may have been faster.
    await rename(join(staging, 'root'), folder).catch(() => access(folder));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}

/** Where a machine has no list of packages, one is fetched that is not the machine's own. */
async function download(packages: readonly string[], cwd: string): Promise<void> {
  // As root, apt-get would download as a user of its own, who may be unable to enter this folder.
  const as = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : [];
  const get = (...args: string[]) => run('apt-get', ['-qq', ...as, ...args], { cwd });
  try {
    await get('download', ...packages);
  } catch {
    const lists = join(CACHE, 'lists');
    await mkdir(join(lists, 'partial'), { recursive: true });
    const own = ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${CACHE}`];
    await get(...own, 'update');
    await get(...own, 'download', ...packages);
  }
}

/** A program that is on the path, or undefined. */
export function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find(existsSync);
}
