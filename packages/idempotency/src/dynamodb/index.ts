/**
 * Idempotency records in DynamoDB.
 *
 * @module
 */
import { type Clock, FunctionError, systemClock } from '@tradewind/core';
import { checkOptions, mustBe } from '@tradewind/core/adapter';
import { wholeMs } from '../ms.js';
import { claimed, type IdempotencyRecord } from '../record.js';
import type { IdempotencyStore } from '../store.js';
import { explainedBy } from './advice.js';
import { type DynamoFound, type DynamoItem, NAMES, toItem, toRecord } from './item.js';

export type { DynamoFound, DynamoItem, DynamoValue } from './item.js';
export { type PowertoolsRecordsOptions, powertoolsRecords } from './powertools.js';

/** The part of the client, `DynamoDB` of `@aws-sdk/client-dynamodb`, that is used. */
export interface DynamoClient extends DynamoReader {
  putItem(input: {
    TableName: string;
    Item: DynamoItem;
    ConditionExpression: string;
    ExpressionAttributeNames: Record<string, string>;
    ExpressionAttributeValues?: DynamoItem;
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD';
  }): Promise<unknown>;
  updateItem(input: {
    TableName: string;
    Key: DynamoItem;
    UpdateExpression: string;
    ConditionExpression: string;
    ExpressionAttributeNames: Record<string, string>;
    ExpressionAttributeValues: DynamoItem;
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD';
  }): Promise<unknown>;
}

/** The part of a client that is used for reading. */
export interface DynamoReader {
  getItem(input: {
    TableName: string;
    Key: DynamoItem;
    ConsistentRead: boolean;
  }): Promise<{ readonly Item?: DynamoFound | undefined }>;
}

/** Options of `dynamoStore(...)`. */
export interface DynamoStoreOptions {
  readonly table: string;
  /** The table's partition key, a string. Default: `id`. */
  readonly keyAttribute?: string;
  /**
   * In ms: how far the clocks of two machines may differ. DynamoDB has no clock that can be read, so another owner's
   * lease is taken to end that much later. Default: 1,000; AWS keeps its machines' clocks within a few ms.
   */
  readonly clockMargin?: number;
  /** For tests. Default: the real time. */
  readonly clock?: Clock;
}

/** An item may have at most 400 KB, including its names and other attributes. */
const LARGEST = 390_000;
const ONE_SECOND = 1_000;
/** Each attempt repeats after another owner's write came in between. */
const MOST_LOOKS = 20;

/**
 * Stores records in DynamoDB: the serverless store on AWS, with no server to operate, billed per request. A first call
 * makes two writes; a duplicate makes one, which fails and returns the record.
 *
 * The table needs a string as its partition key, and TTL on the attribute `ttl`.
 *
 * @param client - your own client: the aggregated `DynamoDB` of `@aws-sdk/client-dynamodb`.
 * @throws FunctionError `misconfigured` if `client` is not such a client, or `table` is missing.
 * @example
 * ```ts
 * import { DynamoDB } from '@aws-sdk/client-dynamodb';
 * import { defineFunction, queue } from '@tradewind/core';
 * import { idempotency } from '@tradewind/idempotency';
 * import { dynamoStore } from '@tradewind/idempotency/dynamodb';
 *
 * const store = dynamoStore(new DynamoDB(), { table: 'idempotency' });
 * export const charge = defineFunction('charge', queue({ queue: 'orders' }))
 *   .use(idempotency({ store }))
 *   .handle(({ id }, { log }) => log.info('Charging.', { id }));
 * ```
 */
export function dynamoStore(client: DynamoClient, options: DynamoStoreOptions): IdempotencyStore {
  checkOptions('dynamoStore', options, ['table', 'keyAttribute', 'clockMargin', 'clock']);
  const { table, keyAttribute = 'id', clockMargin = ONE_SECOND, clock = systemClock } = options;
  mustBe(
    'function',
    client?.putItem,
    "dynamoStore(...): `putItem` of the client (`DynamoDB` of '@aws-sdk/client-dynamodb')",
  );
  mustBe('string', table, 'dynamoStore(...): `table`');
  const keyOf = (key: string): DynamoItem => ({ [keyAttribute]: { S: key } });
  const now = (): number => Math.floor(clock.now());
  const common = { TableName: table, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

  /** The item that caused a refusal: DynamoDB returns it with the error; otherwise it is read. */
  const refusedBy = async (error: unknown, key: string): Promise<DynamoFound | undefined> => {
    const { name, Item } = (error ?? {}) as { readonly name?: unknown; readonly Item?: DynamoFound };
    if (name !== 'ConditionalCheckFailedException') throw explainedBy(error);
    return Item ?? (await client.getItem({ TableName: table, Key: keyOf(key), ConsistentRead: true })).Item;
  };
  /** One step by an owner. If it is refused, `isDone` tells whether it was done before. */
  const step = async (
    key: string,
    owner: string,
    set: string,
    values: DynamoItem,
    isDone: (state: IdempotencyRecord['state']) => boolean,
  ): Promise<boolean> => {
    const time = now();
    try {
      await client.updateItem({
        ...common,
        Key: keyOf(key),
        UpdateExpression: `SET #version = :version, ${set}`,
        ConditionExpression: '#owner = :owner AND #state = :held AND #expiry > :now',
        ExpressionAttributeNames: namesIn(`#version #owner #state #expiry ${set}`),
        ExpressionAttributeValues: {
          ':version': { S: crypto.randomUUID() },
          ':owner': { S: owner },
          ':held': { S: 'in_progress' },
          ':now': { N: String(time) },
          ...values,
        },
      });
      return true;
    } catch (error) {
      const found = await refusedBy(error, key);
      const record = found && toRecord(found, 0).record;
      return record !== undefined && record.owner === owner && record.expiry > time && isDone(record.state);
    }
  };

  return {
    maxValue: LARGEST,
    async claim(key, { owner, fingerprint, lease, retain }) {
      const claim = { owner, fingerprint, lease: wholeMs(lease, 0), retain: wholeMs(retain, 1) };
      let seen: { readonly record: IdempotencyRecord; readonly version: string } | undefined;
      for (let look = 0; look < MOST_LOOKS; look++) {
        const { answer, record } = claimed(seen?.record, claim, now());
        if (!record) return answer;
        if (seen?.record.state === 'in_progress' && seen.record.owner === owner) {
          // The owner's own grant: only it writes to the record, so it may claim concurrently.
          if (await step(key, owner, RENEW, timesOf(record.leaseEnd, claim.retain), () => false)) return answer;
          seen = undefined;
          continue;
        }
        const condition = seen ? '#version = :seen' : 'attribute_not_exists(#key)';
        try {
          await client.putItem({
            ...common,
            Item: { ...keyOf(key), ...toItem(record, claim.retain) },
            ConditionExpression: condition,
            ExpressionAttributeNames: seen ? { '#version': NAMES['#version'] } : { '#key': keyAttribute },
            ...(seen && { ExpressionAttributeValues: { ':seen': { S: seen.version } } }),
          });
          return answer;
        } catch (error) {
          const found = await refusedBy(error, key);
          seen = found && toRecord(found, clockMargin);
        }
      }
      throw new FunctionError(
        'unavailable',
        'DynamoDB could not settle a claim: too many concurrent claims of one key.',
      );
    },
    complete({ key, owner }, { state, value }, retain) {
      const expiry = now() + wholeMs(retain, 1);
      const set = `#state = :state, #expiry = :expiry, #ttl = :ttl${value && ', #value = :value'}`;
      const values: DynamoItem = {
        ':state': { S: state },
        ':expiry': { N: String(expiry) },
        ':ttl': { N: String(Math.ceil(expiry / 1_000)) },
        // An empty string is left out.
        ...(value && { ':value': { S: value } }),
      };
      return step(key, owner, set, values, (is) => is !== 'in_progress' && is !== 'released');
    },
    release: ({ key, owner }) =>
      step(key, owner, '#state = :state', { ':state': { S: 'released' } }, (is) => is === 'released'),
    extend({ key, owner }, lease) {
      const end = now() + wholeMs(lease, 0);
      const set = '#leaseEnd = :end, #expiry = #retain + :end, #ttl = #keep + :endSeconds';
      const values = { ':end': { N: String(end) }, ':endSeconds': { N: String(Math.ceil(end / 1_000)) } };
      return step(key, owner, set, values, () => false);
    },
  };
}

const RENEW = '#leaseEnd = :end, #expiry = :expiry, #retain = :retain, #keep = :keep, #ttl = :ttl';

function timesOf(leaseEnd: number, retain: number): DynamoItem {
  const keep = Math.ceil(retain / 1_000);
  return {
    ':end': { N: String(leaseEnd) },
    ':expiry': { N: String(leaseEnd + retain) },
    ':retain': { N: String(retain) },
    ':keep': { N: String(keep) },
    ':ttl': { N: String(Math.ceil(leaseEnd / 1_000) + keep) },
  };
}

/** The names that an expression uses: DynamoDB rejects unused ones. */
function namesIn(expression: string): Record<string, string> {
  return Object.fromEntries(Object.entries(NAMES).filter(([name]) => new RegExp(`${name}\\b`).test(expression)));
}
