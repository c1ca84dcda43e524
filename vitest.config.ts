import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string): string => fileURLToPath(new URL(`packages/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests see the sources, so that a changed line needs no build; test/packaging sees what is published.
    alias: [
      { find: /^@tradewind\/core$/, replacement: source('core/src/index.ts') },
      { find: /^@tradewind\/core\/adapter$/, replacement: source('core/src/adapter.ts') },
      { find: /^@tradewind\/core\/testing$/, replacement: source('core/src/testing/index.ts') },
      { find: /^@tradewind\/adapters\/lambda\/(http|queue)$/, replacement: source('adapters/src/lambda/$1-only.ts') },
      {
        find: /^@tradewind\/adapters\/(aws|azure|cloudevents|cloudflare|gcf|google|lambda|middy|node|testing)$/,
        replacement: source('adapters/src/$1/index.ts'),
      },
      { find: /^@tradewind\/idempotency$/, replacement: source('idempotency/src/index.ts') },
      { find: /^@tradewind\/telemetry\/emf$/, replacement: source('telemetry/src/metrics/emf.ts') },
      { find: /^@tradewind\/telemetry\/logging$/, replacement: source('telemetry/src/logging/index.ts') },
      { find: /^@tradewind\/telemetry$/, replacement: source('telemetry/src/index.ts') },
      { find: /^@tradewind\/resilience$/, replacement: source('resilience/src/index.ts') },
      { find: /^@tradewind\/resilience\/redis$/, replacement: source('resilience/src/redis/index.ts') },
      {
        find: /^@tradewind\/idempotency\/(conformance|redis|durable-object|dynamodb|postgres|sqlite)$/,
        replacement: source('idempotency/src/$1/index.ts'),
      },
    ],
  },
  test: {
    include: ['packages/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    unstubEnvs: true,
  },
});
