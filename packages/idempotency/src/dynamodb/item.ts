import { FunctionError } from '@tradewind/core';
import type { IdempotencyRecord } from '../record.js';

/** A value of an attribute, as it is written. */
export type DynamoValue = { readonly S: string } | { readonly N: string } | { readonly BOOL: boolean };

/** An item, or the values of an expression, as they are written. */
export type DynamoItem = Record<string, DynamoValue>;

/** An item that was read: the parts of its attributes that are used. */
export type DynamoFound = Readonly<
  Record<
    string,
    { readonly S?: string | undefined; readonly N?: string | undefined; readonly BOOL?: boolean | undefined }
  >
>;

/** The attributes, as names for expressions: half of them are reserved words. */
export const NAMES = {
  '#state': 'state',
  '#fingerprint': 'fingerprint',
  '#owner': 'owner',
  '#fence': 'fence',
  '#attempt': 'attempt',
  '#takeover': 'takeover',
  '#leaseEnd': 'lease_end',
  '#expiry': 'expiry',
  '#retain': 'retain',
  '#keep': 'keep',
  '#ttl': 'ttl',
  '#value': 'value',
  '#version': 'version',
} as const;

/** A record as an item, with a new version: a write that has seen another version fails. */
export function toItem(record: IdempotencyRecord, retain: number): DynamoItem {
  const { state, fingerprint, owner, fence, attempt, takeover, leaseEnd, expiry } = record;
  const keep = Math.ceil(retain / 1_000);
  return {
    [NAMES['#state']]: { S: state },
    // An empty string is left out: older tables do not accept one.
    ...(fingerprint !== '' && { [NAMES['#fingerprint']]: { S: fingerprint } }),
    [NAMES['#owner']]: { S: owner },
    [NAMES['#fence']]: { N: String(fence) },
    [NAMES['#attempt']]: { N: String(attempt) },
    [NAMES['#takeover']]: { BOOL: takeover },
    [NAMES['#leaseEnd']]: { N: String(leaseEnd) },
    [NAMES['#expiry']]: { N: String(expiry) },
    [NAMES['#retain']]: { N: String(retain) },
    // In seconds, as DynamoDB's TTL requires. TTL may be days late; the expiry is what counts.
    [NAMES['#keep']]: { N: String(keep) },
    [NAMES['#ttl']]: { N: String(Math.ceil(leaseEnd / 1_000) + keep) },
    [NAMES['#version']]: { S: crypto.randomUUID() },
  };
}

/**
 * An item as a record. Its times were set by another machine's clock.
 *
 * @param margin - in ms: added to those times.
 */
export function toRecord(
  item: DynamoFound,
  margin: number,
): { readonly record: IdempotencyRecord; readonly version: string } {
  const text = (name: keyof typeof NAMES): string | undefined => item[NAMES[name]]?.S;
  const number = (name: keyof typeof NAMES): number => Number(item[NAMES[name]]?.N);
  const version = text('#version');
  if (version === undefined) {
    throw new FunctionError(
      'internal',
      'The item in DynamoDB was not written by dynamoStore(...): use a table of its own.',
    );
  }
  const record: IdempotencyRecord = {
    state: text('#state') as IdempotencyRecord['state'],
    fingerprint: text('#fingerprint') ?? '',
    owner: text('#owner') ?? '',
    fence: number('#fence'),
    attempt: number('#attempt'),
    takeover: item[NAMES['#takeover']]?.BOOL === true,
    leaseEnd: number('#leaseEnd') + margin,
    expiry: number('#expiry') + margin,
    value: text('#value') ?? '',
  };
  return { record, version };
}
