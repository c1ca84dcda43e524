import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, snippets } from './extract.ts';

const FOLDER = join(ROOT, '.cache/snippets');

test('every snippet of the documentation compiles as it stands', () => {
  const all = snippets();
  expect(all.length).toBeGreaterThan(30);
  rmSync(FOLDER, { recursive: true, force: true });
  const where = new Map<string, string>();
  for (const [index, { file, line, code, name }] of all.entries()) {
    const page = join(FOLDER, file.replaceAll(/[^\w]+/g, '-'));
    mkdirSync(page, { recursive: true });
    const path = join(page, `${name ?? `snippet-${index}`}.ts`);
    writeFileSync(path, /^(import|export) /m.test(code) ? code : `${code}\nexport {};\n`);
    where.set(relative(ROOT, path), `${file}:${line}`);
  }
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2023',
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    composite: false,
  };
  writeFileSync(join(FOLDER, 'package.json'), '{ "type": "module" }');
  // As `wrangler types` declares it.
  writeFileSync(join(FOLDER, 'workers.d.ts'), "declare module 'cloudflare:workers' { export const env: unknown; }");
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['**/*.ts'] }));
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', FOLDER, '--pretty', 'false'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const told = stdout.replaceAll(/^(\S+?\.ts)\(/gm, (_, path: string) => `${where.get(path) ?? path} (`);
  expect(told).toBe('');
  expect(status).toBe(0);
});
