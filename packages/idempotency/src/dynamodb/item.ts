import { FunctionError } from '@tradewind/core';
import type { IdempotencyRecord } from '../record.js';

/** An attribute's value that is written. */
export type DynamoValue = { readonly S: string } | { readonly N: string } | { readonly BOOL: boolean };

/** What is written: an item, or the values of an expression. */
export type DynamoItem = Record<string, DynamoValue>;

/** An item that was found: what of an attribute's value is looked at. */
export type DynamoFound = Readonly<
  Record<
    string,
    { readonly S?: string | undefined; readonly N?: string | undefined; readonly BOOL?: boolean | undefined }
  >
>;

/** The attributes, for expressions: half of them are reserved words. */
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

/** A record as an item, with a version of its own: one that has seen another one writes nothing. */
export function toItem(record: IdempotencyRecord, retain: number): DynamoItem {
  const { state, fingerprint, owner, fence, attempt, takeover, leaseEnd, expiry } = record;
  const keep = Math.ceil(retain / 1_000);
  return {
    [NAMES['#state']]: { S: state },
    // A text that is empty is left out: not every table has had such.
    ...(fingerprint !== '' && { [NAMES['#fingerprint']]: { S: fingerprint } }),
    [NAMES['#owner']]: { S: owner },
    [NAMES['#fence']]: { N: String(fence) },
    [NAMES['#attempt']]: { N: String(attempt) },
    [NAMES['#takeover']]: { BOOL: takeover },
    [NAMES['#leaseEnd']]: { N: String(leaseEnd) },
    [NAMES['#expiry']]: { N: String(expiry) },
    [NAMES['#retain']]: { N: String(retain) },
    // In seconds, as DynamoDB's own TTL is, which may be late by days: the expiry is what counts.
    [NAMES['#keep']]: { N: String(keep) },
    [NAMES['#ttl']]: { N: String(Math.ceil(leaseEnd / 1_000) + keep) },
    [NAMES['#version']]: { S: crypto.randomUUID() },
  };
}

/**
 * An item as a record, whose times another machine's clock has set.
 *
 * @param margin - in ms: how much later they are taken to be.
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
      'DynamoDB holds an item of another form at the key: dynamoStore(...) wants a table of its own.',
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
