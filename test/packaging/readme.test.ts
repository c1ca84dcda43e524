/** The first hour: README's files and commands, as they stand, in an empty folder with the packed packages. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { freePorts } from '../servers/server.ts';
import { PACKAGES, pack } from './pack.ts';
import { ENV, ROOT, run } from './run.ts';

const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code = '']) => code);
/** The commands of a user's project: the last block is about this repository. */
const [setUp = '', commands = ''] = blocks('sh');
const files = blocks('ts').map((code) => [/^\/\/ ([\w.]+)/.exec(code)?.[1] ?? '', code]);
const OF_CLOUDS = ['azure.ts', 'google.ts'];

const folder = await mkdtemp(join(tmpdir(), 'tradewind-'));
const project = join(folder, 'project');
const sh = (command: string, cwd = project): Promise<string> => run('sh', ['-c', command], cwd);
const steps = setUp.split(/\n|&&/).filter((step) => step.trim() !== '');
/** Of packages that a user may do without. */
const last = steps.pop() ?? '';
const namesIn = (command: string): string[] =>
  command
    .replace(/#.*/, '')
    .split(/\s+/)
    .filter((word) => word !== '' && !/^(npm|install|--save-dev)$/.test(word));

/** Installs what a command would: this repository's packages packed, others from its node_modules, without a network. */
async function install(command: string, tarballs: readonly string[]): Promise<void> {
  const packed = tarballs.filter((path) =>
    namesIn(command).some((name) => path.includes(`/${name.replace(/^@/, '').replace('/', '-')}-`)),
  );
  if (packed.length > 0) await run('npm', ['install', '--no-audit', '--no-fund', ...packed], project);
  for (const name of namesIn(command)) {
    const target = join(project, 'node_modules', name);
    if (await stat(target).catch(() => undefined)) continue;
    const source = join(ROOT, 'node_modules', name);
    await mkdir(dirname(target), { recursive: true });
    await symlink(source, target);
    const { bin = {} } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { bin?: object };
    await mkdir(join(project, 'node_modules/.bin'), { recursive: true });
    for (const [command, path] of Object.entries(bin))
      await symlink(join(target, path as string), join(project, 'node_modules/.bin', command));
  }
}

beforeAll(async () => {
  await mkdir(project);
  const tarballs = await pack([...PACKAGES.map((name) => `packages/${name}`), 'node_modules/zod'], folder);
  for (const step of steps) await (step.includes('npm install') ? install(step, tarballs) : sh(step));
  for (const [name = '', code = ''] of files) {
    if (!OF_CLOUDS.includes(name)) await writeFile(join(project, name), code);
  }
});
afterAll(() => rm(folder, { recursive: true }));

test('has a file for each platform, and a test', () => {
  const FILES = ['functions.ts', 'lambda.ts', 'azure.ts', 'google.ts', 'worker.ts', 'server.ts'];
  expect(files.map(([name]) => name)).toEqual([...FILES, 'functions.test.ts']);
  expect(namesIn(last)).toEqual(['@azure/functions', '@google-cloud/functions-framework']);
  expect(commands.split('\n')[0]).toContain('vitest');
});

test('is one screen', () => {
  expect(readme.split('\n').length).toBeLessThan(120);
});

const quick = commands.split('\n').filter((command) => command !== '' && !command.includes('server.ts'));
test.each(quick)('%s', async (command) => {
  await sh(command);
});

test('the bundle for Lambda has the size that is stated, and answers', async () => {
  const [, path = '', stated] = /--outfile=(\S+) # (\d+) KB/.exec(commands) ?? [];
  expect(Math.abs((await stat(join(project, path))).size / 1_024 - Number(stated))).toBeLessThan(5);
  const { handler } = (await import(join(project, path))) as {
    handler: (event: unknown, context: unknown) => Promise<unknown>;
  };
  const http = { method: 'POST', path: '/orders/ada' };
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ orderId: 'o-1', qty: 2 });
  const event = { version: '2.0', rawPath: http.path, rawQueryString: '', headers, requestContext: { http }, body };
  expect(await handler(event, { awsRequestId: 'r', getRemainingTimeInMillis: () => 1_000 })).toMatchObject({
    statusCode: 202,
  });
});

test('the server answers', async ({ onTestFinished }) => {
  const command = commands.split('\n').find((line) => line.includes('server.ts')) as string;
  const [port = 0] = await freePorts(1);
  const env = { ...ENV, PORT: String(port) };
  const child = spawn('sh', ['-c', `exec env ${command}`], { cwd: project, env, stdio: 'ignore' });
  onTestFinished(async () => {
    child.kill();
    await once(child, 'exit');
  });
  await vi.waitFor(
    async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/orders/ada`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ orderId: 'o-1', qty: 2 }),
      });
      expect([answer.status, await answer.json()]).toEqual([202, { id: 'o-1', for: 'ada' }]);
    },
    { timeout: 10_000, interval: 100 },
  );
});

test('with the packages of Azure and Google, their files compile too', async () => {
  await install(last, []);
  for (const [name = '', code = ''] of files) await writeFile(join(project, name), code);
  await sh('npx tsc');
});
