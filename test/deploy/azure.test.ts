import { memoryStore } from '@tradewind/idempotency';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ordering, shipped } from '../../examples/orders/functions.ts';
import { type AzureHost, startAzure } from '../hosts/azure-host.ts';
import { commandsOf, optionsOf } from './commands.ts';
import { build, builtBy, externalsOf, manifestOf, read } from './files.ts';
import { QUEUE, TYPE } from './stated.ts';

const { charge } = ordering(memoryStore());

// No npm package has a schema for host.json, so its settings are checked against what Microsoft documents:
// https://learn.microsoft.com/azure/azure-functions/functions-host-json

const SECONDS = /^(\d\d):(\d\d):(\d\d)$/;
function secondsOf(time: string): number {
  const [, hours, minutes, seconds] = SECONDS.exec(time) ?? [];
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

describe('the package', () => {
  let host: AzureHost;
  beforeAll(async () => {
    host = await startAzure(build('azure'), { AzureWebJobsStorage: 'UseDevelopmentStorage=true' });
  });
  afterAll(async () => await host?.stop());

  test('Azure loads the built bundle as a module', async () => {
    const { type, main } = manifestOf('azure');
    expect([type, main]).toEqual(['module', builtBy('azure')]);
    expect((await host.fetch('/orders/o-1')).status).toBe(200);
  });

  test('the bundle leaves out only what the host provides', () => {
    expect(externalsOf('azure')).toEqual(['@azure/functions-core']);
    expect(manifestOf('azure').dependencies).toBeUndefined();
  });

  test('the upload contains the bundle, and no secret', () => {
    const ignored = read('azure/.funcignore').split('\n');
    expect(ignored).toContain('local.settings.json*');
    expect(ignored.filter((line) => /dist|host|package/.test(line))).toEqual([]);
  });
});

test('a failed message is retried several times with a delay, and then moved to the poison queue', () => {
  const { version, functionTimeout, extensionBundle, extensions } = JSON.parse(read('azure/host.json'));
  expect(version).toBe('2.0');
  expect(extensionBundle).toEqual({ id: 'Microsoft.Azure.Functions.ExtensionBundle', version: '[4.0.0, 5.0.0)' });
  expect(Object.keys(extensions)).toEqual(['queues']);
  const { maxDequeueCount, visibilityTimeout, messageEncoding, ...unknown } = extensions.queues;
  expect(unknown).toEqual({});
  expect(maxDequeueCount).toBeGreaterThan(1);
  expect(secondsOf(visibilityTimeout)).toBeGreaterThan(0);
  // The encoding that `storageQueue` sends.
  expect(messageEncoding).toBe('base64');
  expect(secondsOf(functionTimeout) * 1_000).toBeGreaterThan(charge.trigger.timeout ?? Number.NaN);
});

test('the local settings are only an example', () => {
  const { Values } = JSON.parse(read('azure/local.settings.json.example'));
  expect(Values).toEqual({
    FUNCTIONS_WORKER_RUNTIME: 'node',
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    REDIS_URL: 'redis://127.0.0.1:6379',
    PAY_URL: 'http://127.0.0.1:8080/',
  });
});

describe('the script', () => {
  const commands = commandsOf('azure/deploy.sh', {
    RESOURCE_GROUP: 'orders',
    LOCATION: 'westeurope',
    APP: 'orders-app',
    STORAGE: 'orders7f3',
    REDIS_URL: 'rediss://redis.example',
    PAY_URL: 'https://pay.example/',
  });

  test('it builds before it publishes, and makes the queues of the entry file', () => {
    const words = commands.map((command) => command.words);
    expect(words.indexOf('npm run build')).toBeLessThan(words.indexOf('func azure functionapp publish orders-app'));
    expect(words).toContain('npm run build');
    const queues = commands.filter((command) => command.words === 'az storage queue create');
    const used = [...read('azure/app.ts').matchAll(/getQueueClient\('([\w-]+)'\)/g)].map(([, name]) => name);
    expect(queues.map(({ options }) => options.name)).toEqual(used);
    expect(used).toContain(QUEUE);
    expect(optionsOf(commands, 'az functionapp create')).toMatchObject({ runtime: 'node', 'runtime-version': '22' });
  });

  test('the app gets the addresses of its records and of the payment service', () => {
    // The test's parser reads the second value of the option as a word of the command.
    const command = 'az functionapp config appsettings set PAY_URL=https://pay.example/';
    expect(optionsOf(commands, command).settings).toBe('REDIS_URL=rediss://redis.example');
    expect(read('azure/app.ts')).toContain('process.env.REDIS_URL');
  });

  test('events of the function’s type are delivered, and one that cannot be delivered is kept', () => {
    const subscription = optionsOf(commands, 'az eventgrid event-subscription create');
    expect(subscription['included-event-types']).toBe(TYPE);
    expect(subscription['endpoint-type']).toBe('azurefunction');
    expect(subscription.endpoint).toMatch(new RegExp(`/sites/orders-app/functions/${shipped.name}$`));
    expect(Number(subscription['max-delivery-attempts'])).toBeGreaterThan(1);
    const { name } = optionsOf(commands, 'az storage container create');
    expect(subscription['deadletter-endpoint']).toMatch(
      new RegExp(`/storageAccounts/orders7f3/blobServices/default/containers/${name}$`),
    );
  });
});
