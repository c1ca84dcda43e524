/** What docs/setups.md says, with the packed packages. jest, CDK and TypeScript 5.9 are tried by hand. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { install, PACKAGES } from './pack.ts';
import { ROOT, run, tool } from './run.ts';
import { RUNTIMES } from './runtimes.ts';

const page = await readFile(join(ROOT, 'docs/setups.md'), 'utf8');
const block = (language: string, word: string): string =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))]
    .map(([, code = '']) => code)
    .find((code) => code.includes(word)) as string;

const folder = await mkdtemp(join(tmpdir(), 'tradewind-'));
let project: string;
let subpaths: string[];

beforeAll(async () => {
  project = await install(folder);
  await rm(join(project, 'src'), { recursive: true });
  const manifests = await Promise.all(
    PACKAGES.map((name) => readFile(join(project, 'node_modules/@tradewind', name, 'package.json'), 'utf8')),
  );
  subpaths = manifests.flatMap((text) => {
    const { name, exports } = JSON.parse(text) as { name: string; exports: object };
    return Object.keys(exports)
      .filter((subpath) => subpath !== './package.json')
      .map((subpath) => `${name}${subpath.slice(1)}`);
  });
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(RUNTIMES.filter(({ name }) => name.startsWith('Node')))('CommonJS on $name', ({ why, command }) => {
  test.skipIf(why)('requires every subpath, and the manifest', async () => {
    const names = [...subpaths, ...PACKAGES.map((name) => `@tradewind/${name}/package.json`)];
    await writeFile(join(project, 'all.cjs'), names.map((name) => `require('${name}');`).join('\n'));
    await run(command, ['all.cjs'], project);
  });

  test.skipIf(why)('runs the example', async () => {
    const event = { version: '2.0', rawPath: '/ping', requestContext: { http: { method: 'GET', path: '/ping' } } };
    const call = `exports.handler(${JSON.stringify({ ...event, headers: {}, rawQueryString: '' })}, { awsRequestId: 'r' })`;
    const code = `${block('js', 'require(')}\n${call}.then(({ statusCode }) => console.log(statusCode));`;
    await writeFile(join(project, 'ping.cjs'), code);
    expect(await run(command, ['ping.cjs'], project)).toContain('200');
  });
});

test('every subpath but that of Google’s framework compiles without @types/node', async () => {
  const compilerOptions = { module: 'nodenext', target: 'es2023', strict: true, types: [], noEmit: true };
  const compile = async (files: readonly string[]): Promise<string> => {
    await writeFile(join(project, 'bare.json'), JSON.stringify({ compilerOptions, files }));
    return tool('typescript/bin/tsc', ['-p', 'bare.json'], project).catch((error: Error) => error.message);
  };
  const importing = (names: readonly string[]): string =>
    names.map((name, at) => `import * as m${at} from '${name}';\nconsole.log(m${at});`).join('\n');
  const google = '@tradewind/adapters/gcf';
  await writeFile(join(project, 'all.ts'), importing(subpaths.filter((name) => name !== google)));
  await writeFile(join(project, 'google.ts'), importing([google]));
  expect(await compile(['all.ts'])).toBe('');
  expect(await compile(['google.ts'])).toContain("Cannot find name 'node:http'");
});

test('TypeScript compiled to JavaScript runs', async () => {
  const types = join(ROOT, 'node_modules/@types/node');
  const settings = block('json', 'rewriteRelativeImportExtensions').replace('"node"', JSON.stringify(types));
  await writeFile(join(project, 'emit.json'), settings.replace(/\}\s*$/, ', "include": ["said.ts", "say.ts"] }'));
  await writeFile(join(project, 'said.ts'), "import { text } from './say.ts';\nconsole.log(text);\n");
  await writeFile(join(project, 'say.ts'), "export const text: string = 'said';\n");
  await tool('typescript/bin/tsc', ['-p', 'emit.json'], project);
  expect(await run(process.execPath, ['dist/said.js'], project)).toBe('said\n');
});

const rows = [...page.matchAll(/^\| `(import .* from 'zod.*')` +\| (\d+) KB/gm)].map(([, ...row]) => row);
test.each(rows as [string, string][])('a bundle with %s has %s KB', async (statement, stated) => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  for (const name of ['functions.ts', 'lambda.ts']) {
    const code = new RegExp(`^\`\`\`ts\\n(// ${name}.*?)^\`\`\`$`, 'ms').exec(readme)?.[1] ?? '';
    const own = code.replace(/^import .* from 'zod';$/m, `${statement};`);
    const mini = own.replace('z.number().int().positive()', 'z.int().check(z.positive())');
    await writeFile(join(project, name), statement.includes('mini') ? mini : own);
  }
  const flags = ['--bundle', '--minify', '--platform=node', '--format=esm', '--outfile=bundle.mjs'];
  await run(join(ROOT, 'node_modules/.bin/esbuild'), ['lambda.ts', ...flags], project);
  expect(Math.abs((await stat(join(project, 'bundle.mjs'))).size / 1_024 - Number(stated))).toBeLessThan(5);
});
