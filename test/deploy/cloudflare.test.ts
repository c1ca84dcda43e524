import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { COMPATIBILITY_DATE, startWorkers } from '../hosts/workers-host.ts';
import { deployed, read, temporary } from './files.ts';
import { CRON, QUEUE } from './stated.ts';

const WRANGLER = new URL('../', import.meta.resolve('wrangler'));

interface Configuration {
  readonly main: string;
  readonly compatibility_date: string;
  readonly queues: { readonly producers: readonly Producer[]; readonly consumers: readonly Consumer[] };
  readonly durable_objects: { readonly bindings: readonly { readonly name: string; readonly class_name: string }[] };
  readonly migrations: unknown;
  readonly triggers: { readonly crons: readonly string[] };
}
const OBJECTS = { RECORDS: 'IdempotencyObject' };

interface Producer {
  readonly queue: string;
  readonly binding: string;
}
interface Consumer {
  readonly queue: string;
  readonly max_retries?: number;
  readonly max_batch_size?: number;
  readonly dead_letter_queue?: string;
}

// Without its comments it is JSON, which is also YAML.
const configuration = parse(read('cloudflare/wrangler.jsonc').replaceAll(/^\s*\/\/.*$/gm, '')) as Configuration;

test('wrangler’s own schema knows every setting', () => {
  const schema = JSON.parse(readFileSync(new URL('config-schema.json', WRANGLER), 'utf8')) as object;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  expect(ajv.validate(schema, configuration), ajv.errorsText()).toBe(true);
});

test('wrangler builds it, and workerd runs the result', async () => {
  const outdir = temporary();
  const dryRun = ['deploy', '--dry-run', '--outdir', outdir, '--config', deployed('cloudflare/wrangler.jsonc')];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('bin/wrangler.js', WRANGLER)), ...dryRun],
    {
      // The banner would check for a newer version online.
      env: {
        PATH: process.env.PATH,
        HOME: outdir,
        CI: '1',
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_HIDE_BANNER: 'true',
      },
      encoding: 'utf8',
    },
  );
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('env.ORDERS (orders)');
  expect(stdout).toContain('env.DEAD_LETTERS (orders-dead)');
  const host = await startWorkers(join(outdir, 'worker.js'), {}, { ORDERS: 'sink', DEAD_LETTERS: 'sink' }, OBJECTS);
  try {
    expect((await host.fetch('/orders/o-1')).status).toBe(200);
  } finally {
    await host.stop();
  }
});

test('the records use the class that the entry file exports, with SQLite storage', () => {
  const { bindings } = configuration.durable_objects;
  expect(Object.fromEntries(bindings.map(({ name, class_name }) => [name, class_name]))).toEqual(OBJECTS);
  expect(configuration.migrations).toEqual([{ tag: 'v1', new_sqlite_classes: Object.values(OBJECTS) }]);
  const entry = read(`cloudflare/${configuration.main}`);
  for (const [name, type] of Object.entries(OBJECTS)) {
    expect(entry).toContain(`export { ${type} }`);
    expect(entry).toContain(`{ ${name} } = env`);
  }
});

test('the tests use the deployed compatibility date', () => {
  expect(configuration.compatibility_date).toBe(COMPATIBILITY_DATE);
});

test('the bindings are those of the entry file', () => {
  const used = [...read(`cloudflare/${configuration.main}`).matchAll(/queueBinding\('(\w+)'\)/g)].map(
    ([, name]) => name,
  );
  expect(configuration.queues.producers.map(({ binding }) => binding)).toEqual(used);
});

test('messages come from the function’s queue, are retried several times, and then become dead letters', () => {
  const [consumer, ...others] = configuration.queues.consumers;
  expect(others).toEqual([]);
  expect(consumer?.queue).toBe(QUEUE);
  expect(consumer?.max_retries).toBeGreaterThan(0);
  expect(consumer?.dead_letter_queue).toBe('orders-dead');
  expect(configuration.queues.producers).toContainEqual({ queue: 'orders-dead', binding: 'DEAD_LETTERS' });
});

test('the schedule is the function’s', () => {
  expect(configuration.triggers.crons).toEqual([CRON]);
});
