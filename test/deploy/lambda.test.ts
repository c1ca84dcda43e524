import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { memoryStore } from '@tradewind/idempotency';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ordering } from '../../examples/orders/functions.ts';
import { deployed, read, temporary } from './files.ts';
import { CRON, QUEUE, TYPE } from './stated.ts';

const { charge } = ordering(memoryStore());

// No maintained npm package contains SAM's JSON schema, so the important parts are checked here by hand.

interface Resource {
  readonly Type: string;
  // Each type has its own properties, and each test names those that it checks.
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  readonly Properties: any;
  readonly Metadata?: Metadata;
}
interface Metadata {
  readonly BuildMethod: string;
  readonly BuildProperties: BuildProperties;
}
interface BuildProperties {
  readonly Format: 'esm';
  readonly Target: string;
  readonly MainFields: string;
  readonly OutExtension: readonly string[];
  readonly Banner: readonly string[];
}
interface Template {
  readonly Globals: { readonly Function: { readonly Runtime: string; readonly Timeout: number } };
  readonly Parameters: Readonly<Record<string, object>>;
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** CloudFormation's tags, in their long form. */
const CUSTOM_TAGS = [
  { tag: '!Ref', resolve: (name: string) => ({ Ref: name }) },
  { tag: '!GetAtt', resolve: (name: string) => ({ 'Fn::GetAtt': name.split('.') }) },
];
const arn = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });

const template = parse(read('lambda/template.yaml'), { customTags: CUSTOM_TAGS }) as Template;
const { Globals, Parameters, Resources } = template;
const functions = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::Serverless::Function');
const propertiesOf = (name: string): Resource['Properties'] => Resources[name]?.Properties;
const metadataOf = (name: string): Metadata => Resources[name]?.Metadata as Metadata;
const eventsOf = (name: string): readonly Resource[] => Object.values(propertiesOf(name).Events);

/** Bundles a function's handler file with the options that `sam build` passes to esbuild. */
async function bundled(name: string): Promise<string> {
  const { Format, Target, MainFields, OutExtension, Banner } = metadataOf(name).BuildProperties;
  const pairs = (list: readonly string[]) => Object.fromEntries(list.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  const [file] = propertiesOf(name).Handler.split('.');
  const outdir = temporary();
  await build({
    entryPoints: [deployed(`lambda/${file}.ts`)],
    outdir,
    bundle: true,
    minify: true,
    platform: 'node',
    format: Format,
    target: Target,
    mainFields: MainFields.split(','),
    outExtension: pairs(OutExtension),
    banner: pairs(Banner),
    logLevel: 'silent',
  });
  return join(outdir, `${file}.mjs`);
}

describe('the SAM template', () => {
  test('every reference has a target', () => {
    const names = [...read('lambda/template.yaml').matchAll(/!(?:Ref|GetAtt) (\w+)/g)].map(([, name = '']) => name);
    // SAM creates the API itself.
    const given = ['ServerlessHttpApi', ...Object.keys(Parameters)];
    expect(names.filter((name) => !Resources[name] && !given.includes(name))).toEqual([]);
  });

  test.each(functions.map(([name]) => name))('%s is bundled by esbuild, and its handler loads', async (name) => {
    expect(metadataOf(name).BuildMethod).toBe('esbuild');
    const file = await bundled(name);
    const [, exported] = propertiesOf(name).Handler.split('.');
    expect(((await import(pathToFileURL(file).href)) as Record<string, unknown>)[exported]).toBeTypeOf('function');
  });

  test('it has a function for each entry file, on a runtime that Tradewind supports', () => {
    const files = functions.map(([name]) => `${propertiesOf(name).Handler.split('.')[0]}.ts`);
    expect(files.sort()).toEqual(['charge.ts', 'http.ts', 'nightly-report.ts', 'shipped.ts']);
    expect(files.every((file) => existsSync(deployed(`lambda/${file}`)))).toBe(true);
    expect(Globals.Function.Runtime).toMatch(/^nodejs2[24]\.x$/);
  });

  test('every request goes to the HTTP functions, which also answer unknown paths', () => {
    expect(eventsOf('Http')).toEqual([{ Type: 'HttpApi' }]);
  });
});

describe('messages', () => {
  const orders = propertiesOf('Orders');
  const [source] = eventsOf('Charge');

  test('they come from the function’s queue, and only failed ones are redelivered', () => {
    expect(source).toMatchObject({ Type: 'SQS', Properties: { Queue: arn('Orders') } });
    expect(orders.QueueName).toBe(QUEUE);
    expect(source?.Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  });

  test('a message that fails too often goes to another queue, which keeps it as long as possible', () => {
    expect(orders.RedrivePolicy).toEqual({ deadLetterTargetArn: arn('OrdersDead'), maxReceiveCount: 5 });
    expect(propertiesOf('OrdersDead').MessageRetentionPeriod).toBe(14 * 24 * 60 * 60);
  });

  test('a message stays invisible while the function may be handling it', () => {
    expect(orders.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Globals.Function.Timeout);
    expect(Globals.Function.Timeout * 1_000).toBeGreaterThan(charge.trigger.timeout ?? Number.NaN);
  });

  test('the functions have exactly the permissions that the entry files need', () => {
    const allow = (Action: string, name: string) => ({ Effect: 'Allow', Action, Resource: arn(name) });
    const records = {
      ...allow('', 'Records'),
      Action: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    };
    expect(propertiesOf('Http').Policies).toEqual([{ Statement: [allow('sqs:SendMessage', 'Orders'), records] }]);
    expect(propertiesOf('Charge').Policies).toEqual([
      { Statement: [allow('sqs:SendMessage', 'OrdersDead'), allow('sqs:ChangeMessageVisibility', 'Orders'), records] },
    ]);
    const both = { RECORDS_TABLE: { Ref: 'Records' }, PAY_URL: { Ref: 'PayUrl' } };
    expect(propertiesOf('Http').Environment.Variables).toEqual({ ORDERS_URL: { Ref: 'Orders' }, ...both });
    expect(propertiesOf('Charge').Environment.Variables).toEqual({ DEAD_LETTERS_URL: { Ref: 'OrdersDead' }, ...both });
    for (const [file, name] of [
      ['records', 'RECORDS_TABLE'],
      ['http', 'ORDERS_URL'],
      ['charge', 'DEAD_LETTERS_URL'],
    ]) {
      expect(read(`lambda/${file}.ts`)).toContain(`process.env.${name}`);
    }
  });
});

test('the records have the key and time-to-live attributes that the store writes', () => {
  expect(propertiesOf('Records')).toMatchObject({
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
  });
});

describe('events and times', () => {
  test('the schedule is the function’s, in EventBridge’s syntax', () => {
    const [minute, hour, day, month, weekday] = CRON.split(' ');
    expect(day).toBe('*');
    expect(eventsOf('NightlyReport')).toMatchObject([
      {
        Type: 'ScheduleV2',
        Properties: {
          ScheduleExpression: `cron(${minute} ${hour} ? ${month} ${weekday} *)`,
          ScheduleExpressionTimezone: 'UTC',
        },
      },
    ]);
  });

  test('the rule is for events of the function’s type', () => {
    expect(eventsOf('Shipped')).toMatchObject([
      { Type: 'EventBridgeRule', Properties: { Pattern: { 'detail-type': [TYPE] } } },
    ]);
  });

  test.each(['NightlyReport', 'Shipped'])(
    '%s: invocations that could not be delivered, or failed, are kept',
    (name) => {
      expect(eventsOf(name)[0]?.Properties.DeadLetterConfig).toMatchObject({ Type: 'SQS' });
      expect(propertiesOf(name).EventInvokeConfig.DestinationConfig.OnFailure).toEqual({
        Type: 'SQS',
        Destination: arn('Failed'),
      });
      expect(propertiesOf('Failed').MessageRetentionPeriod).toBe(14 * 24 * 60 * 60);
    },
  );
});
