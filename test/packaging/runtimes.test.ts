/** The tarballs, installed as by a user, on every supported runtime. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle } from '../hosts/bundle.ts';
import { startWorkers } from '../hosts/workers-host.ts';
import { install, PACKAGES } from './pack.ts';
import { holdAnswers, holdBreak } from './requests.ts';
import { ROOT, run, tool } from './run.ts';
import { RUNTIMES } from './runtimes.ts';
import { start } from './server.ts';

const missing = RUNTIMES.filter(({ why }) => why);
for (const { name, why } of missing)
  process.stderr.write(`\n  !! ${name} is MISSING, so nothing here shows that the packages work on it: ${why}\n\n`);

test.runIf(process.env.CI)('every runtime is there', () => {
  expect(missing).toEqual([]);
});

const folder = await mkdtemp(join(tmpdir(), 'tradewind-'));
let project: string;
const subpaths: string[] = [];

beforeAll(async () => {
  project = await install(folder);
  for (const name of PACKAGES) {
    const { exports } = JSON.parse(
      await readFile(join(project, 'node_modules/@tradewind', name, 'package.json'), 'utf8'),
    ) as { exports: Record<string, unknown> };
    const modules = Object.keys(exports).filter((subpath) => subpath !== './package.json');
    subpaths.push(...modules.map((subpath) => `@tradewind/${name}${subpath.slice(1)}`));
  }
  await compile('build', { module: 'nodenext', lib: ['es2023', 'dom'], types: [], outDir: 'dist' });
});
afterAll(() => rm(folder, { recursive: true }));

/** Compiles the app against the tarballs alone, including all their declarations. */
async function compile(name: string, options: object): Promise<void> {
  const compilerOptions = {
    target: 'es2023',
    rootDir: 'src',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    ...options,
  };
  await writeFile(join(project, `${name}.json`), JSON.stringify({ compilerOptions, include: ['src'] }));
  await tool('typescript/bin/tsc', ['-p', `${name}.json`], project);
}

test('npm reports nothing missing and nothing extraneous', async () => {
  const { dependencies, problems } = JSON.parse(await run('npm', ['ls', '--all', '--json'], project));
  expect(problems).toBeUndefined();
  expect(Object.keys(dependencies).toSorted()).toEqual([
    '@middy/core',
    '@middy/util',
    '@opentelemetry/api',
    '@tradewind/adapters',
    '@tradewind/core',
    '@tradewind/idempotency',
    '@tradewind/resilience',
    '@tradewind/telemetry',
    'zod',
  ]);
  const peers = dependencies['@tradewind/adapters'].dependencies;
  expect(Object.keys(peers)).toEqual(['@middy/core', '@tradewind/core', '@types/node']);
  // It is optional, and not installed.
  expect(peers['@types/node']).toEqual({});
  expect(dependencies['@tradewind/core'].dependencies).toBeUndefined();
});

describe('the types', () => {
  const typesOf = (name: string): string => join(ROOT, 'node_modules', name);
  const nodenext = { module: 'nodenext', noEmit: true };
  const bundler = { module: 'esnext', moduleResolution: 'bundler', noEmit: true };
  test.concurrent.each([
    ['a bundler and a browser', { ...bundler, lib: ['es2023', 'dom'], types: [] }],
    ['Node', { ...nodenext, lib: ['es2023'], types: [typesOf('@types/node')] }],
    ['Workers', { ...bundler, lib: ['es2023'], types: [typesOf('@cloudflare/workers-types')] }],
  ])('are complete together with those of %s', (name, options) => compile(name.replaceAll(' ', '-'), options));
});

describe.each(RUNTIMES)(
  'on $name',
  { concurrent: true },
  ({ name, version, why, command, bare, serving, fetching }) => {
    const running = `${name.split(' ')[0]} ${version}\n`;

    test.skipIf(why)('every subpath imports, and nothing works then', async ({ expect }) => {
      expect(subpaths.length).toBeGreaterThan(8);
      expect(await run(command, [...bare, 'dist/imports.js', ...subpaths], project)).toBe(running);
      const found = run(command, [...bare, 'dist/imports.js', './works-at-import.js'], project);
      await expect(found).rejects.toThrow('random at import');
    });

    test.skipIf(why)("a user's tests pass, through every adapter", async ({ expect }) => {
      const said = await run(command, [...serving, 'dist/check.js', name], project);
      expect(said.endsWith(running)).toBe(true);
    });

    test.skipIf(why)(
      'a server of node(...) answers, and ends when it has answered',
      async ({ expect, onTestFinished }) => {
        const server = await start(command, [...serving, 'dist/node-server.js'], project);
        onTestFinished(() => void server.stop());
        await holdAnswers(server.fetch, expect);
        await holdBreak(server.fetch, expect);
        await server.fetch('/later');
        const last = await server.fetch('/streams');
        const ended = server.stop();
        expect(await last.text()).toBe('one two three');
        expect(await ended).toMatchObject({ code: 0, said: expect.stringContaining('Done in the background.') });
      },
    );

    // Node has no server that accepts `fetch`.
    if (!fetching) return;
    test.skipIf(why)('its own server answers with the fetch of cloudflare(...)', async ({ expect, onTestFinished }) => {
      const server = await start(command, [...fetching, 'dist/fetch-server.js'], project);
      onTestFinished(() => void server.stop());
      await holdAnswers(server.fetch, expect);
      await holdBreak(server.fetch, expect);
    });
  },
);

test('on workerd, a bundle answers requests and handles messages', async ({ onTestFinished }) => {
  const host = await startWorkers(await bundle(join(project, 'dist/worker.js'), 'workers'), { GREETING: 'hello' });
  onTestFinished(() => host.stop());
  await holdAnswers(host.fetch, expect);
  const order = { orderId: 'o-1', qty: 2 };
  const outcome = await host.deliver('orders', [order, { ...order, qty: 101 }, 'no JSON']);
  expect(outcome.explicitAcks).toEqual(['m-1']);
  expect(outcome.retryMessages.map(({ msgId }) => msgId)).toEqual(['m-2', 'm-3']);
});
