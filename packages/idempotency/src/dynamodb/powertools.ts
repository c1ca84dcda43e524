import type { AnyEvent } from '@tradewind/core';
import { type Context, empty, FunctionError, type HttpEvent, type Layer, reply, retryLater } from '@tradewind/core';
import { checkOptions, mustBe } from '@tradewind/core/adapter';
import type { DynamoReader } from './index.js';
import type { DynamoItem } from './item.js';

/** Options of `powertoolsRecords(...)`. The attributes are those of your table; the defaults are Powertools'. */
export interface PowertoolsRecordsOptions<Event, Ctx> {
  readonly client: DynamoReader;
  readonly table: string;
  /** Returns the record's id, as Powertools made it: `<function>.<handler>#<MD5 of the payload, base64>`. */
  readonly id: (event: Event, context: Ctx) => string;
  /** Default: `id`. */
  readonly keyAttribute?: string;
  /** Default: `status`. */
  readonly statusAttribute?: string;
  /** Default: `expiration`. */
  readonly expiryAttribute?: string;
  /** Default: `in_progress_expiration`. */
  readonly inProgressExpiryAttribute?: string;
  /** Default: `data`. */
  readonly dataAttribute?: string;
}

const NAMES = [
  ...['client', 'table', 'id', 'keyAttribute', 'statusAttribute'],
  ...['expiryAttribute', 'inProgressExpiryAttribute', 'dataAttribute'],
];

/**
 * Replays what Powertools for AWS Lambda has stored, while you move a function away from it. Use it after
 * `idempotency(...)`, so that each key is looked up once and its outcome is then kept in the new store. Remove it when
 * Powertools' retention is over.
 *
 * A completed record is replayed; for an HTTP function, it is the response that its handler returned. A record in
 * progress gives a `conflict`, or the message is redelivered.
 *
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 * @example
 * ```ts
 * import { createHash } from 'node:crypto';
 * import { DynamoDB } from '@aws-sdk/client-dynamodb';
 * import { defineFunction, queue } from '@tradewind/core';
 * import { idempotency } from '@tradewind/idempotency';
 * import { dynamoStore, powertoolsRecords } from '@tradewind/idempotency/dynamodb';
 * import { z } from 'zod';
 *
 * const client = new DynamoDB();
 * const md5 = (value: unknown) => createHash('md5').update(JSON.stringify(value)).digest('base64');
 * export const charge = defineFunction('charge', queue({ queue: 'orders', data: z.object({ orderId: z.string() }) }))
 *   .use(idempotency({ store: dynamoStore(client, { table: 'idempotency' }) }))
 *   .use(powertoolsRecords({ client, table: 'powertools', id: ({ data }) => `charge.handler#${md5(data.orderId)}` }))
 *   .handle(({ id }, { log }) => log.info('Charging.', { id }));
 * ```
 */
export function powertoolsRecords<
  Event extends AnyEvent,
  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
  Ctx extends Context<any>,
>(options: PowertoolsRecordsOptions<NoInfer<Event>, NoInfer<Ctx>>): Layer<Event, Ctx, object> {
  checkOptions('powertoolsRecords', options, NAMES);
  const {
    client,
    table,
    id,
    keyAttribute = 'id',
    statusAttribute = 'status',
    expiryAttribute = 'expiration',
    inProgressExpiryAttribute = 'in_progress_expiration',
    dataAttribute = 'data',
  } = options;
  mustBe(
    'function',
    client?.getItem,
    "powertoolsRecords(...): `getItem` of the client (`DynamoDB` of '@aws-sdk/client-dynamodb')",
  );
  mustBe('string', table, 'powertoolsRecords(...): `table`');
  mustBe('function', id, 'powertoolsRecords(...): `id`');
  return async (event, context, next) => {
    const Key: DynamoItem = { [keyAttribute]: { S: id(event, context) } };
    const { Item: item } = await client.getItem({ TableName: table, Key, ConsistentRead: true });
    const number = (name: string): number => Number(item?.[name]?.N ?? Number.POSITIVE_INFINITY);
    const now = Date.now();
    if (!item || number(expiryAttribute) * 1_000 <= now) return next();
    const status = item[statusAttribute]?.S;
    if (status === 'COMPLETED') return reply(valueFor(event, plain(item[dataAttribute])) as never);
    const after = number(inProgressExpiryAttribute) - now;
    if (status !== 'INPROGRESS' || after <= 0) return next();
    if (isRequest(event))
      throw new FunctionError('conflict', 'Another instance is still processing this.', { retryable: true });
    throw retryLater({ after: Number.isFinite(after) ? after : 1_000 });
  };
}

function isRequest(event: AnyEvent): event is HttpEvent {
  return 'method' in event;
}

/** What the handler returned to Powertools: for a request, a response in Lambda's format. */
function valueFor(event: AnyEvent, value: unknown): unknown {
  if (!isRequest(event)) return value;
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded, cookies } = Object(value) as LambdaAnswer;
  if (typeof statusCode !== 'number') return value;
  return {
    ...empty(statusCode),
    // API Gateway's default, if the handler sets none.
    headers: { 'content-type': 'application/json', ...headers, ...multiValueHeaders },
    cookies: cookies ?? [],
    body: isBase64Encoded && body ? Uint8Array.from(atob(body), (char) => char.charCodeAt(0)) : body,
  };
}

interface LambdaAnswer {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, string[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly cookies?: readonly string[];
}

/** A value without DynamoDB's types. */
function plain(value: unknown): unknown {
  const { S, N, BOOL, NULL, L, M, B } = Object(value) as Readonly<Record<string, unknown>>;
  if (Array.isArray(L)) return L.map(plain);
  if (M) return Object.fromEntries(Object.entries(M).map(([name, inner]) => [name, plain(inner)]));
  if (N !== undefined) return Number(N);
  return S ?? BOOL ?? B ?? (NULL ? null : undefined);
}
