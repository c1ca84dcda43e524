import { memoryStore } from '@tradewind/idempotency';
import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, test } from 'vitest';
import { nightlyReport, ordering, shipped } from '../../examples/orders/functions.ts';
import { startNode } from '../hosts/node-host.ts';
import { commandsOf, optionsOf } from './commands.ts';
import { build, builtBy, externalsOf, manifestOf, read } from './files.ts';
import { expectDeadLetters, expectKept } from './pub-sub.ts';
import { CRON, QUEUE, TYPE } from './stated.ts';
import { versionsIn } from './versions.ts';

const { charge } = ordering(memoryStore());

test('the built bundle serves, and exits by itself on SIGTERM', async () => {
  const env = { PORT: '0', PUBSUB_EMULATOR_HOST: '127.0.0.1:9', GOOGLE_CLOUD_PROJECT: 'shop' };
  const host = await startNode(build('node'), env);
  expect((await host.fetch('/orders/o-1')).status).toBe(200);
  expect(await host.stop('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('packages that the bundle leaves out are installed, in the tested versions', () => {
  expect(externalsOf('node')).toEqual(['@google-cloud/*']);
  expect(manifestOf('node').dependencies).toEqual(versionsIn('node/server.ts', '@google-cloud/'));
});

describe('the Dockerfile', () => {
  const dockerfile = DockerfileParser.parse(read('node/Dockerfile'));
  const instructions = dockerfile.getInstructions();
  const last = (keyword: string): Instruction | undefined =>
    instructions.findLast((instruction) => instruction.getKeyword() === keyword);
  const argumentsOf = (instruction: Instruction | undefined): string => instruction?.getRawArgumentsContent() ?? '';

  test('a linter reports nothing', () => {
    expect(validate(read('node/Dockerfile')).map(({ message }) => message)).toEqual([]);
  });

  test('SIGTERM reaches Node, because there is no shell in between', () => {
    expect(JSON.parse(argumentsOf(last('CMD')))).toEqual(['node', 'server.mjs']);
    expect(last('ENTRYPOINT')).toBeUndefined();
  });

  test('it does not run as root', () => {
    expect(argumentsOf(last('USER'))).toBe('node');
    expect(instructions.findLastIndex((one) => one.getKeyword() === 'USER')).toBeGreaterThan(
      instructions.findLastIndex((one) => one.getKeyword() === 'FROM'),
    );
  });

  test('its images have a version, and the last stage contains only the bundle and its modules', () => {
    expect(dockerfile.getFROMs().map((from) => from.getImage())).toEqual(['node:24-slim', 'node:24-slim']);
    const copied = instructions.filter((one) => one.getKeyword() === 'COPY').map(argumentsOf);
    expect(copied).toEqual(['package.json ./', '/app/node_modules ./node_modules', `${builtBy('node')} ./`]);
    expect(read('node/.dockerignore').trim().split('\n')).toEqual(['*', '!package.json', `!${builtBy('node')}`]);
  });
});

describe('the scripts', () => {
  // The first one runs the second.
  const commands = commandsOf('node/setup.sh', {
    PROJECT: 'shop',
    REGION: 'europe-west1',
    NETWORK: 'default',
    PAY_URL: 'https://pay.example/',
  });
  const account = 'orders@shop.iam.gserviceaccount.com';

  test('the image that was built is deployed, and callers need a token', () => {
    const words = commands.map((command) => command.words);
    const steps = ['npm run build', 'docker build .', 'docker push', 'gcloud run deploy orders'];
    const at = steps.map((step) => words.findIndex((one) => one.startsWith(step)));
    expect(at.every((index) => index >= 0)).toBe(true);
    expect(at).toEqual(at.toSorted((a, b) => a - b));
    const { image, ...options } = optionsOf(commands, 'gcloud run deploy orders');
    expect(image).toMatch(/:0123abc$/);
    expect(words).toContain(`docker push ${image}`);
    expect(options['no-allow-unauthenticated']).toBe(true);
    // The address of the records.
    expect(options).toMatchObject({
      'set-secrets': 'REDIS_URL=redis-url:latest',
      'set-env-vars': 'PAY_URL=https://pay.example/',
      network: 'default',
    });
    expect(optionsOf(commands, 'gcloud run services add-iam-policy-binding orders')).toMatchObject({
      role: 'roles/run.invoker',
      member: `serviceAccount:${account}`,
    });
  });

  test('the records are kept until they expire, and the functions may read their address', () => {
    expect(optionsOf(commands, 'gcloud redis instances create orders')).toMatchObject({
      network: 'default',
      'redis-config': 'maxmemory-policy=noeviction',
    });
    expect(commands.map(({ words }) => words)).toContain('gcloud secrets create redis-url');
    expect(optionsOf(commands, 'gcloud secrets add-iam-policy-binding redis-url')).toMatchObject({
      role: 'roles/secretmanager.secretAccessor',
      member: 'serviceAccount:orders@shop.iam.gserviceaccount.com',
    });
  });

  test('messages of the function’s queue are pushed to it, and become dead letters if they keep failing', () => {
    expect(optionsOf(commands, `gcloud pubsub subscriptions create ${charge.name}`)).toMatchObject({
      topic: QUEUE,
      'push-endpoint': `https://orders.example/${charge.name}`,
      'push-auth-service-account': account,
      'expiration-period': 'never',
    });
    expectDeadLetters(commands, charge.name, { made: true });
    expectKept(commands);
  });

  test('events of the function’s type are posted to it, and become dead letters if they keep failing', () => {
    expect(optionsOf(commands, `gcloud eventarc triggers create ${shipped.name}`)).toMatchObject({
      'event-filters': `type=${TYPE}`,
      'destination-run-path': `/${shipped.name}`,
      'service-account': account,
    });
    expectDeadLetters(commands, `subscription-of-${shipped.name}`);
  });

  test('the schedule is the function’s, and a failed run is retried', () => {
    const job = optionsOf(commands, `gcloud scheduler jobs create http ${nightlyReport.name}`);
    expect(job).toMatchObject({
      schedule: CRON,
      'time-zone': 'Etc/UTC',
      uri: `https://orders.example/${nightlyReport.name}`,
      'http-method': 'POST',
      'oidc-service-account-email': account,
      'oidc-token-audience': 'https://orders.example',
    });
    expect(Number(job['max-retry-attempts'])).toBeGreaterThan(0);
  });
});
