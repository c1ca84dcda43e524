import { memoryStore } from '@tradewind/idempotency';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nightlyReport, ordering, shipped } from '../../examples/orders/functions.ts';
import { type GcfHost, startGcf } from '../hosts/gcf-host.ts';
import { type Command, commandsOf, optionsOf } from './commands.ts';
import { build, builtBy, externalsOf, manifestOf, read } from './files.ts';
import { expectDeadLetters, expectKept } from './pub-sub.ts';
import { CRON, QUEUE, TYPE } from './stated.ts';
import { versionsIn } from './versions.ts';

const { charge } = ordering(memoryStore());

const PROJECT = { PROJECT: 'shop', REGION: 'europe-west1', NETWORK: 'default' };
const setup = commandsOf('gcf/setup.sh', PROJECT);
const deploy = commandsOf('gcf/deploy.sh', { ...PROJECT, PAY_URL: 'https://pay.example/' });
const deployed = deploy.filter(({ words }) => words.startsWith('gcloud functions deploy '));
const nameOf = ({ words }: Command): string => words.split(' ').at(-1) ?? '';

describe('the package', () => {
  let host: GcfHost;
  beforeAll(async () => {
    const entryPoints = deployed.map(({ options }) => String(options['entry-point']));
    host = await startGcf(build('gcf'), entryPoints, {
      PUBSUB_EMULATOR_HOST: '127.0.0.1:9',
      GOOGLE_CLOUD_PROJECT: 'shop',
    });
  });
  afterAll(async () => await host?.stop());

  test('the framework finds every entry point in the built bundle', async () => {
    const { type, main } = manifestOf('gcf');
    expect([type, main]).toEqual(['module', builtBy('gcf')]);
    expect((await host.fetch('http', '/orders/o-1')).status).toBe(200);
  });

  test('packages that the bundle leaves out are installed, in the tested versions', () => {
    expect(externalsOf('gcf')).toEqual(['@google-cloud/*']);
    expect(manifestOf('gcf').dependencies).toEqual(versionsIn('gcf/functions.ts', '@google-cloud/'));
  });

  test('Google does not build again, and gets only the files that run', () => {
    expect(manifestOf('gcf').scripts['gcp-build']).toBe('');
    expect(
      read('gcf/.gcloudignore')
        .split('\n')
        .filter((line) => /^[!/]/.test(line)),
    ).toEqual(['/*', '!/dist', '!/package.json']);
  });
});

describe('the functions', () => {
  test('the records are kept until they expire, and the functions may read their address', () => {
    expect(optionsOf(setup, 'gcloud redis instances create orders')).toMatchObject({
      network: 'default',
      'redis-config': 'maxmemory-policy=noeviction',
    });
    expect(setup.map(({ words }) => words)).toContain('gcloud secrets create redis-url');
    expect(optionsOf(setup, 'gcloud secrets add-iam-policy-binding redis-url')).toMatchObject({
      role: 'roles/secretmanager.secretAccessor',
      member: 'serviceAccount:orders@shop.iam.gserviceaccount.com',
    });
  });

  test('each is deployed under its own name, on a supported runtime, after the build', () => {
    expect(deploy[0]?.words).toBe('npm run build');
    expect(deployed.map(({ options }) => options['entry-point'])).toEqual([
      'http',
      charge.name,
      nightlyReport.name,
      shipped.name,
    ]);
    for (const { options } of deployed) {
      // The address of the records.
      expect(options).toMatchObject({
        'set-secrets': 'REDIS_URL=redis-url:latest',
        'set-env-vars': 'PAY_URL=https://pay.example/',
        network: 'default',
      });
      expect(options).toMatchObject({ gen2: true, source: '.', runtime: expect.stringMatching(/^nodejs2[24]$/) });
    }
  });

  test.each([charge.name, nightlyReport.name, shipped.name])(
    '%s: a failed event is redelivered, and becomes a dead letter if it keeps failing',
    (name) => {
      const options = optionsOf(deploy, `gcloud functions deploy ${name}`);
      expect(options.retry).toBe(true);
      expect(options['no-allow-unauthenticated']).toBe(true);
      expectDeadLetters(deploy, `subscription-of-trigger-of-${name}`);
      // Eventarc may invoke the function.
      expect(optionsOf(deploy, `gcloud functions add-invoker-policy-binding ${name}`).member).toBe(
        `serviceAccount:${options['trigger-service-account']}`,
      );
    },
  );

  test('only HTTP is public', () => {
    expect(deployed.filter(({ options }) => options['allow-unauthenticated']).map(nameOf)).toEqual(['orders-http']);
  });

  test('each has the trigger that its definition declares', () => {
    const trigger = (name: string) => optionsOf(deploy, `gcloud functions deploy ${name}`);
    expect(trigger('orders-http')['trigger-http']).toBe(true);
    expect(trigger(charge.name)['trigger-topic']).toBe(QUEUE);
    expect(trigger(shipped.name)).toMatchObject({
      'trigger-event-filters': `type=${TYPE}`,
      'trigger-channel': 'projects/shop/locations/europe-west1/channels/orders',
    });
    const job = optionsOf(setup, `gcloud scheduler jobs create pubsub ${nightlyReport.name}`);
    expect(job).toMatchObject({ schedule: CRON, 'time-zone': 'Etc/UTC' });
    expect(trigger(nightlyReport.name)['trigger-topic']).toBe(job.topic);
  });
});

test('the resources of the functions are created before them, and dead letters are kept', () => {
  const topics = [...read('gcf/functions.ts').matchAll(/topics\.topic\('([\w-]+)'\)/g)].map(([, name]) => name);
  expect(setup[0]?.words).toBe(`gcloud pubsub topics create ${topics.join(' ')} nightly-report`);
  expect(setup.map(({ words }) => words)).toContain('gcloud eventarc channels create orders');
  expectKept(setup);
});
