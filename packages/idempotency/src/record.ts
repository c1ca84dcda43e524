import type { Claim, ClaimAnswer, Granted, Outcome } from './store.js';

/**
 * The record of a key, and how each operation changes it: for stores whose own process can read a record, call these
 * functions, and write it back. Times are in ms since the epoch, by the store's clock.
 */
export interface IdempotencyRecord {
  readonly state: 'in_progress' | 'released' | Outcome['state'];
  readonly fingerprint: string;
  readonly owner: string;
  readonly fence: number;
  readonly attempt: number;
  readonly takeover: boolean;
  readonly leaseEnd: number;
  /** When the record no longer counts. */
  readonly expiry: number;
  readonly value: string;
}

/** The answer to a claim and the new record; undefined if the record does not change. */
export function claimed(
  found: IdempotencyRecord | undefined,
  { owner, fingerprint, lease, retain }: Claim,
  now: number,
): { readonly answer: ClaimAnswer; readonly record?: IdempotencyRecord } {
  const before = found && found.expiry > now ? found : undefined;
  if (before && before.fingerprint !== fingerprint) return { answer: { state: 'mismatch' } };
  const ends = { leaseEnd: now + lease, expiry: now + lease + retain };
  if (before?.state === 'in_progress') {
    // If the answer was lost, the same owner may claim again and gets the same grant.
    if (before.owner === owner) return { answer: granted(before), record: { ...before, ...ends } };
    if (before.leaseEnd > now) return { answer: { state: 'in_progress', remaining: before.leaseEnd - now } };
  } else if (before && before.state !== 'released') {
    return { answer: { state: before.state, value: before.value } };
  }
  const record: IdempotencyRecord = {
    state: 'in_progress',
    fingerprint,
    owner,
    fence: Math.max((before?.fence ?? 0) + 1, now),
    attempt: (before?.attempt ?? 0) + 1,
    takeover: before?.state === 'in_progress' || (before?.takeover ?? false),
    ...ends,
    value: '',
  };
  return { answer: granted(record), record };
}

function granted({ fence, attempt, takeover }: IdempotencyRecord): Granted {
  return { state: 'granted', fence, attempt, takeover };
}

/** Whether the owner's operation took effect, and the new record; undefined if the record does not change. */
interface Done {
  readonly done: boolean;
  readonly record?: IdempotencyRecord;
}

const LOST: Done = { done: false };

/** The record with its outcome. */
export function completed(
  found: IdempotencyRecord | undefined,
  owner: string,
  { state, value }: Outcome,
  retain: number,
  now: number,
): Done {
  if (!isOwn(found, owner, now)) return LOST;
  if (found.state === 'released') return LOST;
  return found.state === 'in_progress'
    ? { done: true, record: { ...found, state, value, expiry: now + retain } }
    : { done: true };
}

/** The record, free for another owner. */
export function released(found: IdempotencyRecord | undefined, owner: string, now: number): Done {
  if (!isOwn(found, owner, now)) return LOST;
  if (found.state === 'in_progress') return { done: true, record: { ...found, state: 'released' } };
  return { done: found.state === 'released' };
}

/** The record with a longer lease. */
export function extended(found: IdempotencyRecord | undefined, owner: string, lease: number, now: number): Done {
  if (!isOwn(found, owner, now) || found.state !== 'in_progress') return LOST;
  // Keeps the part of the retention that follows the lease.
  const retain = found.expiry - found.leaseEnd;
  return { done: true, record: { ...found, leaseEnd: now + lease, expiry: now + lease + retain } };
}

function isOwn(found: IdempotencyRecord | undefined, owner: string, now: number): found is IdempotencyRecord {
  return found !== undefined && found.expiry > now && found.owner === owner;
}
