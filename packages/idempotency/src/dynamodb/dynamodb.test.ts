import { createHash } from 'node:crypto';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { type DynamoDB, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { defineFunction, http, queue } from '@tradewind/core';
import { deliver, fakeHttp, fakeMessage, invoke, virtualClock } from '@tradewind/core/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { agreesWithModel } from '../../../../test/idempotency/histories.ts';
import { dynamodb } from '../../../../test/servers/dynamodb.ts';
import { conformance } from '../conformance/index.js';
import { idempotency, memoryStore } from '../index.js';
import { type DynamoClient, dynamoStore, powertoolsRecords } from './index.js';

const RUNS = Number(process.env.TRADEWIND_MODEL_RUNS ?? 100);
const claim = { owner: 'a', fingerprint: 'f', lease: 60_000, retain: 60_000 };
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
let server: Awaited<ReturnType<typeof dynamodb>>;
let client: DynamoDB;
beforeAll(async () => {
  server = await dynamodb('idempotency', 'powertools');
  client = server.client;
}, 60_000);
afterAll(() => server?.[Symbol.asyncDispose]());

const table = { table: 'idempotency', clockMargin: 0 } as const;

/** DynamoDB as on AWS: a refusal returns the existing item, which the test server leaves out. */
function withItems(): DynamoClient {
  const bringing =
    <Input extends { TableName: string; Key?: object; Item?: Record<string, unknown> }>(
      ask: (input: Input) => Promise<unknown>,
    ) =>
    async (input: Input): Promise<unknown> => {
      try {
        return await ask(input);
      } catch (error) {
        const { id } = (input.Key ?? input.Item) as { id: never };
        const { Item } = await client.getItem({ TableName: input.TableName, Key: { id }, ConsistentRead: true });
        throw Object.assign(error as Error, { Item });
      }
    };
  return {
    putItem: bringing((input) => client.putItem(input as never)),
    updateItem: bringing((input) => client.updateItem(input as never)),
    getItem: (input) => client.getItem(input),
  };
}

describe('if a refusal returns no item, and a read follows', () => {
  for (const { name, run } of conformance({ store: () => dynamoStore(client, table) })) test(name, run);

  test(`${RUNS} random histories match the model`, { timeout: 600_000 }, () =>
    agreesWithModel(dynamoStore(client, table), RUNS),
  );
});

describe('if a refusal returns the item, as on AWS', () => {
  for (const { name, run } of conformance({ store: () => dynamoStore(withItems(), table) })) test(name, run);

  test('a first call makes two requests, a duplicate one, and neither reads', async () => {
    const real = withItems();
    const asked: string[] = [];
    const counted = Object.fromEntries(
      Object.entries(real).map(([name, ask]) => [
        name,
        (input: never) => {
          asked.push(name);
          return ask(input);
        },
      ]),
    ) as unknown as DynamoClient;
    const store = dynamoStore(counted, table);
    await store.claim('counted', claim);
    await store.complete({ key: 'counted', owner: 'a' }, { state: 'completed', value: '1' }, 60_000);
    expect(asked.splice(0)).toEqual(['putItem', 'updateItem']);
    expect(await store.claim('counted', { ...claim, owner: 'b' })).toEqual({ state: 'completed', value: '1' });
    expect(asked.splice(0)).toEqual(['putItem']);
  });
});

describe('clocks that differ', () => {
  const at = (ms: number) => ({ ...virtualClock(1_000_000 + ms) });

  test('take over no earlier than the margin after the lease', async () => {
    const here = dynamoStore(client, { table: 'idempotency', clock: at(0) });
    const ahead = (ms: number) => dynamoStore(client, { table: 'idempotency', clock: at(ms) });
    await here.claim('apart', { ...claim, lease: 500 });
    expect(await ahead(1_499).claim('apart', { ...claim, owner: 'b' })).toEqual({ state: 'in_progress', remaining: 1 });
    expect(await ahead(1_500).claim('apart', { ...claim, owner: 'b' })).toMatchObject({
      state: 'granted',
      takeover: true,
    });
  });

  test('an hour behind, the fence still rises', async () => {
    const first = await dynamoStore(client, { ...table, clock: at(3_600_000) }).claim('behind', { ...claim, lease: 0 });
    await dynamoStore(client, { ...table, clock: at(3_600_000) }).release({ key: 'behind', owner: 'a' });
    const second = await dynamoStore(client, { ...table, clock: at(0) }).claim('behind', { ...claim, owner: 'b' });
    expect([first.state, second.state]).toEqual(['granted', 'granted']);
    expect((second as { fence: number }).fence).toBeGreaterThan((first as { fence: number }).fence);
  });
});

describe('an item in the table', () => {
  test('has a TTL, in seconds, after its retention', async () => {
    const store = dynamoStore(client, { ...table, clock: virtualClock(1_000_000_000) });
    const ttl = async (): Promise<number> =>
      Number((await client.getItem({ TableName: 'idempotency', Key: { id: { S: 'ttl' } } })).Item?.ttl?.N);
    await store.claim('ttl', { ...claim, lease: 10_000, retain: 20_500 });
    expect(await ttl()).toBe(1_000_031);
    await store.extend({ key: 'ttl', owner: 'a' }, 30_000);
    expect(await ttl()).toBe(1_000_051);
    await store.complete({ key: 'ttl', owner: 'a' }, { state: 'completed', value: '' }, 100_000);
    expect(await ttl()).toBe(1_000_100);
  });

  test('that the store has not written gives an error, and is left alone', async () => {
    await client.putItem({ TableName: 'idempotency', Item: { id: { S: 'foreign' }, status: { S: 'COMPLETED' } } });
    const store = dynamoStore(client, table);
    await expect(store.claim('foreign', claim)).rejects.toThrow(
      'The item in DynamoDB was not written by dynamoStore(...)',
    );
    await expect(store.release({ key: 'foreign', owner: 'a' })).rejects.toThrow('was not written by dynamoStore(...)');
  });

  test('(in a missing table) says what to do, with DynamoDB’s own error as its cause', async () => {
    await expect(dynamoStore(client, { table: 'nowhere' }).claim('k', claim)).rejects.toMatchObject({
      message: expect.stringContaining('create it with a string as its partition key'),
      cause: { name: 'ResourceNotFoundException' },
    });
  });
});

describe('records of Powertools', () => {
  const md5 = (value: unknown) => createHash('md5').update(JSON.stringify(value)).digest('base64');
  const powertools = async (handler: (event: { id: string }) => Promise<unknown>, id: string): Promise<unknown> => {
    process.env.AWS_LAMBDA_FUNCTION_NAME = 'charge';
    const { endpoint, region, credentials } = client.config;
    const persistenceStore = new DynamoDBPersistenceLayer({
      tableName: 'powertools',
      awsSdkV3Client: new DynamoDBClient({ endpoint, region, credentials } as never),
    });
    const config = new IdempotencyConfig({ eventKeyJmesPath: 'id' });
    const fn = makeIdempotent(handler as never, { persistenceStore, config, keyPrefix: 'charge.handler' }) as never as (
      event: object,
      context: object,
    ) => Promise<unknown>;
    return fn({ id }, { awsRequestId: '1', getRemainingTimeInMillis: () => 60_000, functionName: 'charge' });
  };
  const runs = vi.fn();
  const onQueue = defineFunction
    .logger(quiet)('charge', queue({ queue: 'orders' }))
    .use(idempotency({ store: memoryStore() }))
    .use(
      powertoolsRecords({
        client: { getItem: (input) => client.getItem(input) },
        table: 'powertools',
        id: ({ id }) => `charge.handler#${md5(id)}`,
      }),
    )
    .handle(({ id }) => void runs(id));

  test('a message that was handled is acked, and one that was not is handled', async () => {
    await powertools(async () => 'done', 'm-1');
    expect(await deliver(onQueue, fakeMessage(1, { id: 'm-1' }))).toMatchObject({ outcome: 'ack' });
    expect(runs).not.toHaveBeenCalled();
    expect(await deliver(onQueue, fakeMessage(1, { id: 'm-2' }))).toMatchObject({ outcome: 'ack' });
    expect(runs.mock.calls).toEqual([['m-2']]);
  });

  test('a message that is being handled there is redelivered', async () => {
    const notYet = (): void => {};
    let end = notYet;
    const handling = powertools(() => new Promise<void>((resolve) => (end = resolve)), 'm-3');
    // The handler runs, so its record exists.
    await vi.waitFor(() => expect(end).not.toBe(notYet));
    const { outcome, after } = await deliver(onQueue, fakeMessage(1, { id: 'm-3' }));
    expect(outcome).toBe('retryLater');
    expect(after).toBeGreaterThan(1_000);
    end();
    await handling;
  });

  test('a response is replayed as the handler returned it to Lambda', async () => {
    const answer = {
      statusCode: 201,
      headers: { 'content-type': 'application/json', location: '/orders/1' },
      cookies: ['a=1'],
      body: '{"paid":[1,null,true]}',
    };
    await powertools(async () => answer, 'r-1');
    const place = defineFunction
      .logger(quiet)('place', http({ method: 'POST', path: '/orders/:id' }))
      .use(powertoolsRecords({ client, table: 'powertools', id: ({ params }) => `charge.handler#${md5(params.id)}` }))
      .handle(() => 'ran');
    expect(await invoke(place, fakeHttp({ params: { id: 'r-1' } }))).toEqual({
      status: 201,
      headers: { 'content-type': 'application/json', location: '/orders/1' },
      cookies: ['a=1'],
      body: '{"paid":[1,null,true]}',
    });
    expect(await invoke(place, fakeHttp({ params: { id: 'r-2' } }))).toMatchObject({ status: 200, body: '"ran"' });
  });
});

test('invalid options are refused', () => {
  expect(() => dynamoStore({} as never, { table: 't' })).toThrow('dynamoStore(...): `putItem` of the client');
  expect(() => dynamoStore(client, {} as never)).toThrow('dynamoStore(...): `table` must be a string');
  expect(() => powertoolsRecords({} as never)).toThrow('powertoolsRecords(...): `getItem` of the client');
});
