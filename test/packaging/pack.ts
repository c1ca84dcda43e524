import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, run } from './run.ts';

/** The published packages, by their folders in `packages`. */
export const PACKAGES = ['core', 'adapters', 'idempotency', 'resilience', 'telemetry'] as const;

/** The package that the subpath for middy requires. */
const MIDDY = ['core', 'util'].map((name) => `node_modules/@middy/${name}`);

/** Packs folders of this repository as they would be published, and returns the path of each tarball. */
export async function pack(folders: readonly string[], destination: string): Promise<string[]> {
  const args = ['pack', '--json', '--pack-destination', destination];
  const packed = JSON.parse(await run('npm', [...args, ...folders.map((folder) => join(ROOT, folder))], ROOT));
  return (packed as { filename: string }[]).map(({ filename }) => join(destination, filename));
}

/**
 * Makes an empty project with the packed packages and the app, installed as by a user's own npm. It is outside this
 * repository, so that only what was installed is found.
 */
export async function install(folder: string): Promise<string> {
  const project = join(folder, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }));
  const tarballs = await pack(
    [...PACKAGES.map((name) => `packages/${name}`), 'node_modules/zod', 'node_modules/@opentelemetry/api', ...MIDDY],
    folder,
  );
  await run('npm', ['install', '--no-audit', '--no-fund', ...tarballs], project);
  await cp(join(import.meta.dirname, 'app'), join(project, 'src'), { recursive: true });
  return project;
}
