import { globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const isTest = (path: string): boolean => /\.test(-d)?\.ts$/.test(path);

/** What each package may import beside its own files and core. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  adapters: ['@tradewind/core', '@tradewind/core/adapter', '@tradewind/core/testing', '@middy/core'],
  idempotency: ['@tradewind/core', '@tradewind/core/adapter'],
  resilience: ['@tradewind/core', '@tradewind/core/adapter'],
  telemetry: ['@tradewind/core', '@tradewind/core/adapter', '@opentelemetry/api'],
};
/** Files made for Node's server: there `node:` may be imported. */
const FOR_NODE =
  /^packages\/adapters\/src\/(testing|node|gcf|shared\/node-(?:answering|body|leaving|request|send|target))\b/;

/** What is wrong with the imports of one file. */
function faults(path: string, source: string): string[] {
  const [, owner = ''] = path.split('/');
  const imports = source.matchAll(
    /^(?:import|export)\b[^;'"]*?\bfrom\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm,
  );
  return [...imports].flatMap((match) => {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    const fault = faultOf(path, owner, name);
    return fault ? [`${path} imports ${name}: ${fault}`] : [];
  });
}

function faultOf(path: string, owner: string, name: string): string | undefined {
  if (name.startsWith('node:')) return FOR_NODE.test(path) ? undefined : 'node: is for files made for Node';
  if (!name.startsWith('.'))
    return ALLOWED[owner]?.includes(name) ? undefined : 'packages import core and nothing sideways';
  const target = relative(ROOT, resolve(ROOT, dirname(path), name));
  if (!target.startsWith(`packages/${owner}/src/`)) return 'it is another package';
  if (target === `packages/${owner}/src/index.js`) return 'nobody imports its own index';
  // Of a cold start elsewhere `node:stream` alone would take a millisecond and a half.
  if (FOR_NODE.test(target) && !FOR_NODE.test(path)) return 'it is for files made for Node';
  const [from, to] = [path, target].map((file) => file.split('/')[3]) as [string, string];
  // A handler of middy's is one of Lambda's.
  const isMiddy = from === 'middy' && to === 'lambda';
  if (owner === 'adapters' && from !== to && to !== 'shared' && from !== 'testing' && !isMiddy)
    return 'adapters do not import each other';
  return undefined;
}

test('packages import core and nothing sideways', () => {
  const files = globSync('packages/*/src/**/*.ts', { cwd: ROOT }).filter((path) => !isTest(path));
  expect(files.length).toBeGreaterThan(40);
  expect(files.flatMap((path) => faults(path, readFileSync(resolve(ROOT, path), 'utf8')))).toEqual([]);
});

describe('the rule finds', () => {
  test.each([
    ['packages/core/src/http/a.ts', "import { x } from 'zod';"],
    ['packages/core/src/http/a.ts', "import { readFileSync } from 'node:fs';"],
    ['packages/core/src/http/a.ts', "export { x } from '../index.js';"],
    ['packages/core/src/http/a.ts', "const x = await import('@tradewind/adapters/lambda');"],
    ['packages/adapters/src/lambda/a.ts', "import { x } from '../cloudflare/http.js';"],
    ['packages/adapters/src/lambda/a.ts', "import { x } from '../shared/node-request.js';"],
    ['packages/adapters/src/shared/node-stream.ts', "import { Readable } from 'node:stream';"],
    ['packages/adapters/src/lambda/a.ts', "import { x } from '../../../core/src/index.js';"],
    ['packages/adapters/src/lambda/a.ts', "import type {\n  X,\n  Y,\n} from 'aws-lambda';"],
  ])('%s: %s', (path, source) => {
    expect(faults(path, source)).toHaveLength(1);
  });
});
