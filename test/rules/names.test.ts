import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The names that an index exports, types included. */
function exportsOf(path: string): string[] {
  const source = read(path);
  const listed = [...source.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim().replace(/^type /, '')),
  );
  const declared = [...source.matchAll(/^export (?:const|function|class|interface|type) (\w+)/gm)].map(
    ([, name = '']) => name,
  );
  return [...new Set([...listed, ...declared])].filter(Boolean).toSorted();
}

const SUBPATHS = {
  '@tradewind/core': 'packages/core/src/index.ts',
  '@tradewind/core/adapter': 'packages/core/src/adapter.ts',
  '@tradewind/core/testing': 'packages/core/src/testing/index.ts',
  '@tradewind/adapters/aws': 'packages/adapters/src/aws/index.ts',
  '@tradewind/adapters/gcf': 'packages/adapters/src/gcf/index.ts',
  '@tradewind/adapters/google': 'packages/adapters/src/google/index.ts',
  '@tradewind/adapters/lambda': 'packages/adapters/src/lambda/index.ts',
  '@tradewind/adapters/lambda/http': 'packages/adapters/src/lambda/http-only.ts',
  '@tradewind/adapters/lambda/queue': 'packages/adapters/src/lambda/queue-only.ts',
  '@tradewind/adapters/azure': 'packages/adapters/src/azure/index.ts',
  '@tradewind/adapters/cloudflare': 'packages/adapters/src/cloudflare/index.ts',
  '@tradewind/adapters/cloudevents': 'packages/adapters/src/cloudevents/index.ts',
  '@tradewind/adapters/middy': 'packages/adapters/src/middy/index.ts',
  '@tradewind/adapters/node': 'packages/adapters/src/node/index.ts',
  '@tradewind/adapters/testing': 'packages/adapters/src/testing/index.ts',
  '@tradewind/idempotency': 'packages/idempotency/src/index.ts',
  '@tradewind/idempotency/conformance': 'packages/idempotency/src/conformance/index.ts',
  '@tradewind/idempotency/durable-object': 'packages/idempotency/src/durable-object/index.ts',
  '@tradewind/idempotency/dynamodb': 'packages/idempotency/src/dynamodb/index.ts',
  '@tradewind/idempotency/postgres': 'packages/idempotency/src/postgres/index.ts',
  '@tradewind/idempotency/redis': 'packages/idempotency/src/redis/index.ts',
  '@tradewind/idempotency/sqlite': 'packages/idempotency/src/sqlite/index.ts',
  '@tradewind/resilience': 'packages/resilience/src/index.ts',
  '@tradewind/resilience/redis': 'packages/resilience/src/redis/index.ts',
  '@tradewind/telemetry': 'packages/telemetry/src/index.ts',
  '@tradewind/telemetry/emf': 'packages/telemetry/src/metrics/emf.ts',
  '@tradewind/telemetry/logging': 'packages/telemetry/src/logging/index.ts',
};

describe('the public names', () => {
  test.each(Object.entries(SUBPATHS))('of %s are what they were', async (_subpath, path) => {
    await expect(`${exportsOf(path).join('\n')}\n`).toMatchFileSnapshot(
      `names/${path.replaceAll(/packages\/|src\/|\.ts/g, '').replaceAll('/', '.')}.txt`,
    );
  });

  test('stand in ARCHITECTURE.md', () => {
    const described = new Set(read('ARCHITECTURE.md').match(/(?<=`)[A-Za-z]\w*(?=`)/g));
    const missing = Object.values(SUBPATHS)
      .flatMap(exportsOf)
      .filter((name) => !described.has(name));
    expect(missing).toEqual([]);
  });

  test('each have a comment', () => {
    const bare = globSync('packages/*/src/**/*.ts', { cwd: ROOT })
      .filter((path) => !/\.test(-d)?\.ts$/.test(path))
      .flatMap((path) => {
        const lines = read(path).split('\n');
        return lines.flatMap((line, index) => {
          const name = /^export (?:abstract )?(?:const|function|class|interface|type) (\w+)/.exec(line)?.[1];
          if (!name) return [];
          const before = lines.slice(0, index).findLast((other) => !other.startsWith('// biome-ignore'));
          // What implements overloads follows the last of them, which is what users see.
          const isOverloaded = line.startsWith('export function') && /^\S.*;$/.test(before ?? '');
          return before?.endsWith('*/') || isOverloaded ? [] : [`${path}: ${name}`];
        });
      });
    expect(bare).toEqual([]);
  });
});

test('every subpath that is published is known here', () => {
  const published = ['core', 'adapters', 'idempotency', 'resilience', 'telemetry'].flatMap((name) => {
    const { exports } = JSON.parse(read(`packages/${name}/package.json`)) as { exports: Record<string, unknown> };
    const modules = Object.keys(exports).filter((subpath) => subpath !== './package.json');
    return modules.map((subpath) => `@tradewind/${name}${subpath.slice(1)}`);
  });
  expect(published.toSorted()).toEqual(Object.keys(SUBPATHS).toSorted());
});

test('the project speaks of nobody’s machine', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
  const own = /\/(?:home|root|Users)\/\w|\/work\/main|registry\.npmjs|shared\/design/;
  const guilty = files.filter(
    (path) => !/\.(svg|png)$/.test(path) && path !== 'test/rules/names.test.ts' && own.test(read(path)),
  );
  expect(guilty).toEqual([]);
});
