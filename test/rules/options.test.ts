import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as aws from '@tradewind/adapters/aws';
import * as azureOf from '@tradewind/adapters/azure';
import { cloudEvents } from '@tradewind/adapters/cloudevents';
import * as cloudflareOf from '@tradewind/adapters/cloudflare';
import * as gcfOf from '@tradewind/adapters/gcf';
import * as google from '@tradewind/adapters/google';
import * as lambdaOf from '@tradewind/adapters/lambda';
import * as nodeOf from '@tradewind/adapters/node';
import { everyPlatform } from '@tradewind/adapters/testing';
import { defineFunction, envProvider, event, http, queue, schedule, sender, type Trigger } from '@tradewind/core';
import { checkFunction } from '@tradewind/core/adapter';
import { deliver, fakeEvent, fakeHttp, fakeMessage, invoke, memory } from '@tradewind/core/testing';
import { idempotency, idempotencyKeyHeader, idempotent, memoryStore } from '@tradewind/idempotency';
import { conformance } from '@tradewind/idempotency/conformance';
import { dynamoStore, powertoolsRecords } from '@tradewind/idempotency/dynamodb';
import { postgresStore } from '@tradewind/idempotency/postgres';
import { redisStore } from '@tradewind/idempotency/redis';
import { sqliteStore } from '@tradewind/idempotency/sqlite';
import * as resilience from '@tradewind/resilience';
import { redisBreakerStore } from '@tradewind/resilience/redis';
import { metrics, tracing } from '@tradewind/telemetry';
import { emf } from '@tradewind/telemetry/emf';
import { azureLogger, jsonLogger } from '@tradewind/telemetry/logging';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const get = defineFunction('get', http({ method: 'GET', path: '/' })).handle(() => 1);
const work = defineFunction('work', queue({ queue: 'q' })).handle(() => {});

/** What explains a definition's mistakes runs where functions are tested. */
const check = (trigger: Trigger): void => checkFunction(defineFunction('f', trigger).handle(() => {}));

/** Takes an option that nobody has. */
// biome-ignore lint/suspicious/noExplicitAny: as from JavaScript, where a misspelt option compiles
type Given = any;
/** By the name of its type: what takes these options. */
const TAKERS: Readonly<Record<string, readonly ((odd: Given) => unknown)[]>> = {
  NodeOptions: [(odd) => nodeOf.node(get).listen(odd)],
  SecretsManagerOptions: [(odd) => aws.secretsManager({} as Given, 'id', odd)],
  EnvProviderOptions: [
    (odd) => envProvider(() => 1, odd),
    (odd) => aws.parameterStore({} as Given, 'name', odd),
    (odd) => google.secretManager({} as Given, 'name', odd),
    (odd) => azureOf.keyVault({} as Given, 'name', odd),
    (odd) => cloudflareOf.secretsStore('name', odd),
  ],
  GoogleOidcOptions: [(odd) => google.googleOidc({} as Given, odd)],
  CloudEventsOptions: [(odd) => cloudEvents('https://a.example', odd)],
  EveryPlatformOptions: [(odd) => everyPlatform(get, fakeHttp(), odd)],
  SendOptions: [
    (odd) =>
      invoke(
        defineFunction('f', queue({ queue: 'x' })).handle((_event, context) =>
          sender(work, memory())(context).send(1 as never, odd),
        ),
        fakeMessage(1),
      ),
  ],
  HttpOptions: [(odd) => check(http({ method: 'GET', path: '/', ...odd }))],
  EventOptions: [(odd) => check(event({ type: 't', ...odd }))],
  ScheduleOptions: [(odd) => schedule({ cron: '0 0 * * *', ...odd })],
  QueueOptions: [(odd) => check(queue({ queue: 'q', ...odd }))],
  Wiring: [
    ...[lambdaOf, azureOf, cloudflareOf, gcfOf, nodeOf].map(
      (platform) => (odd: Given) => platform.on(work, odd as never),
    ),
  ],
  FakeHttpOptions: [(odd) => fakeHttp(odd)],
  FakeMessageOptions: [(odd) => fakeMessage(1, odd), (odd) => fakeEvent(1, odd)],
  InvokeOptions: [(odd) => invoke(get, fakeHttp(), odd), (odd) => deliver(work, fakeMessage(1 as never), odd)],
  PowertoolsRecordsOptions: [(odd) => powertoolsRecords(odd)],
  DynamoStoreOptions: [(odd) => dynamoStore({} as Given, { table: 't', ...odd })],
  RedisStoreOptions: [(odd) => redisStore({} as Given, odd)],
  PostgresStoreOptions: [(odd) => postgresStore({} as Given, odd)],
  SqliteStoreOptions: [(odd) => sqliteStore({} as Given, odd)],
  IdempotentOptions: [(odd) => idempotent(async () => 1, { name: 'n', store: memoryStore(), ...odd })],
  MemoryStoreOptions: [(odd) => memoryStore(odd)],
  IdempotencyOptions: [(odd) => idempotency({ store: memoryStore(), ...odd })],
  IdempotencyKeyHeaderOptions: [(odd) => idempotencyKeyHeader(odd)],
  ConformanceOptions: [(odd) => conformance({ store: memoryStore, ...odd })],
  ExponentialOptions: [(odd) => resilience.exponential(odd)],
  RedisBreakerStoreOptions: [(odd) => redisBreakerStore({} as Given, odd)],
  RetryOptions: [(odd) => resilience.retry(odd)],
  FallbackOptions: [(odd) => resilience.fallback(() => 1, odd)],
  DeadLetterOptions: [(odd) => resilience.deadLetter(odd)],
  MemoryBreakerStoreOptions: [(odd) => resilience.memoryBreakerStore(odd)],
  CircuitBreakerOptions: [(odd) => resilience.circuitBreaker({ failures: 1, openFor: 1, ...odd })],
  StandardOptions: [(odd) => resilience.standard(odd)],
  HedgeOptions: [(odd) => resilience.hedge({ after: 1, idempotent: true, ...odd })],
  RetryBudgetOptions: [(odd) => resilience.retryBudget(odd)],
  BulkheadOptions: [(odd) => resilience.bulkhead({ concurrency: 1, ...odd })],
  TracingOptions: [(odd) => tracing(odd)],
  EmfOptions: [(odd) => emf({ namespace: 'n', ...odd })],
  MetricsOptions: [(odd) => metrics(odd)],
  AzureLoggerOptions: [(odd) => azureLogger(odd)],
  JsonLoggerOptions: [(odd) => jsonLogger(odd)],
};

describe('what takes options refuses one that it does not know', () => {
  const cases = Object.entries(TAKERS).flatMap(([type, takers]) =>
    takers.map((take, index) => [`${type} ${index}`, take] as const),
  );
  test.each(cases)('%s', async (_name, take) => {
    const error = await Promise.resolve()
      .then(() => take({ mispelt: 1 }))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining("unknown option 'mispelt'"),
    });
  });
});

/** Parts of other options, what core passes to a transport, and errors, which must not fail while they are made. */
const NOT_TAKEN = [
  'SingleOptions',
  'CommonOptions',
  'HttpIdempotencyOptions',
  'MessageIdempotencyOptions',
  'ConsecutiveBreakerOptions',
  'CountBreakerOptions',
  'TimeBreakerOptions',
  'SharedBreakerOptions',
  'TransportOptions',
  'FunctionErrorOptions',
];

test('no options are missing here', () => {
  const types = globSync('packages/*/src/**/*.ts', { cwd: ROOT }).flatMap((path) =>
    [...readFileSync(resolve(ROOT, path), 'utf8').matchAll(/^export (?:interface|type) (\w+Options)\b/gm)].map(
      ([, name = '']) => name,
    ),
  );
  expect(types.length).toBeGreaterThan(40);
  expect(types.filter((name) => !(name in TAKERS) && !NOT_TAKEN.includes(name))).toEqual([]);
});
