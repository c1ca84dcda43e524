/** Checks the contents of the tarballs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGES, pack } from './pack.ts';
import { run, tool } from './run.ts';

const folder = await mkdtemp(join(tmpdir(), 'tradewind-'));
const tarballs: Record<string, string> = {};

beforeAll(async () => {
  const packed = await pack(
    PACKAGES.map((name) => `packages/${name}`),
    folder,
  );
  for (const [index, name] of PACKAGES.entries()) tarballs[name] = packed[index]!;
});
afterAll(() => rm(folder, { recursive: true }));

const manifest = async (name: string): Promise<Record<string, unknown>> =>
  JSON.parse(await run('tar', ['-xOf', tarballs[name]!, 'package/package.json'], folder));

describe.concurrent.each(PACKAGES)('the tarball of %s', (name) => {
  test('contains the published files and nothing else', async ({ expect }) => {
    const files = (await run('tar', ['-tf', tarballs[name]!], folder)).trim().split('\n');
    expect(files).toContain('package/LICENSE');
    expect(files).toContain('package/README.md');
    const other = files.filter(
      (path) => !/^package\/(LICENSE|README\.md|package\.json|dist\/.*\.(js|d\.ts))$/.test(path),
    );
    expect(other).toEqual([]);
    expect(files.filter((path) => /\.test/.test(path))).toEqual([]);
  });

  test('has no dependency, so no other licence, and runs nothing on installation', async ({ expect }) => {
    const found = await manifest(name);
    const { license, scripts, dependencies, optionalDependencies, bundleDependencies } = found;
    const { peerDependencies } = found;
    const meta = (found.peerDependenciesMeta ?? {}) as Readonly<Record<string, { optional?: boolean }>>;
    expect(license).toBe('MIT');
    expect([scripts, dependencies, optionalDependencies, bundleDependencies]).toEqual(Array(4).fill(undefined));
    // An optional peer is installed by the user, if at all.
    const wanted = Object.keys(peerDependencies ?? {}).filter((peer) => !meta[peer]?.optional);
    expect(wanted).toEqual(name === 'core' ? [] : ['@tradewind/core']);
  });

  test('lets tools read its manifest', async ({ expect }) => {
    expect(await manifest(name)).toMatchObject({ exports: { './package.json': './package.json' } });
  });

  test('passes publint', () => tool('publint/src/cli.js', [tarballs[name]!, '--strict'], folder));

  test('has types that resolve', () =>
    tool('@arethetypeswrong/cli/dist/index.js', [tarballs[name]!, '--profile', 'esm-only'], folder));
});

test.each(PACKAGES.filter((name) => name !== 'core'))(
  'the packages are released together: %s requires the core that it was built against',
  async (name) => {
    const { version } = await manifest('core');
    expect(await manifest(name)).toMatchObject({ version, peerDependencies: { '@tradewind/core': `^${version}` } });
  },
);
