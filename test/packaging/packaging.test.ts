import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const PACKAGES = ['core', 'adapters'];
const folder = mkdtempSync(join(tmpdir(), 'tradewind-'));
const tarballs: Record<string, string> = {};

function run(command: string, args: readonly string[], cwd: string): string {
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  const { stdout, stderr, status } = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, PATH } });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}

beforeAll(() => {
  for (const name of PACKAGES) {
    const [packed] = JSON.parse(
      run('npm', ['pack', '--json', '--pack-destination', folder], join(ROOT, 'packages', name)),
    ) as [{ filename: string }];
    tarballs[name] = join(folder, packed.filename);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(PACKAGES)('the tarball of %s', (name) => {
  test('has what is published and nothing else', () => {
    const files = run('tar', ['-tf', tarballs[name]!], folder).trim().split('\n');
    expect(files).toContain('package/LICENSE');
    expect(files).toContain('package/README.md');
    const other = files.filter(
      (path) => !/^package\/(LICENSE|README\.md|package\.json|dist\/.*\.(js|d\.ts))$/.test(path),
    );
    expect(other).toEqual([]);
    expect(files.filter((path) => /\.test/.test(path))).toEqual([]);
  });

  test('passes publint', () => {
    run(process.execPath, [join(ROOT, 'node_modules/publint/src/cli.js'), tarballs[name]!, '--strict'], folder);
  });

  test('has types that resolve', () => {
    const attw = join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    run(process.execPath, [attw, tarballs[name]!, '--profile', 'esm-only'], folder);
  });
});

test('a user without our sources can import every subpath, in Node', () => {
  const app = join(folder, 'app');
  const modules = join(app, 'node_modules');
  for (const name of PACKAGES) {
    mkdirSync(join(modules, '@tradewind', name), { recursive: true });
    run('tar', ['-xf', tarballs[name]!, '--strip-components', '1', '-C', join(modules, '@tradewind', name)], folder);
  }
  const subpaths = PACKAGES.flatMap((name) => {
    const path = join(modules, '@tradewind', name, 'package.json');
    const { exports } = JSON.parse(readFileSync(path, 'utf8')) as { exports: Record<string, unknown> };
    return Object.keys(exports).map((subpath) => `@tradewind/${name}${subpath.slice(1)}`);
  });
  const main = [
    // What would work at import fails here.
    "for (const [owner, name] of [[Math, 'random'], [Date, 'now'], [globalThis, 'setTimeout'], [globalThis, 'fetch'], [crypto, 'randomUUID']])",
    "  owner[name] = () => { throw new Error(name + ' at import'); };",
    ...subpaths.map((subpath) => `await import('${subpath}');`),
    "const { defineFunction, http } = await import('@tradewind/core');",
    "const { lambda } = await import('@tradewind/adapters/lambda/http');",
    "const handler = lambda(defineFunction('f', http({ method: 'GET', path: '/' })).handle(() => 'works'));",
    "const event = { version: '2.0', rawPath: '/', rawQueryString: '', headers: {}, requestContext: { http: { method: 'GET' }, stage: '$default' } };",
    "console.log((await handler(event, { awsRequestId: '1' })).body);",
  ].join('\n');
  writeFileSync(join(app, 'main.mjs'), main);
  expect(run(process.execPath, ['main.mjs'], app)).toBe('"works"\n');
  expect(readdirSync(join(modules, '@tradewind')).toSorted()).toEqual(['adapters', 'core']);
});
