import type { Claim, ClaimAnswer, Granted, Outcome } from './store.js';

/**
 * What is kept for a key, and what each operation makes of it: for stores that are a process of their own, and have
 * nothing to do but to read, ask here, and write. Times are the store's, in ms since the epoch.
 */
export interface IdempotencyRecord {
  readonly state: 'in_progress' | 'released' | Outcome['state'];
  readonly fingerprint: string;
  readonly owner: string;
  readonly fence: number;
  readonly attempt: number;
  readonly takeover: boolean;
  readonly leaseEnd: number;
  /** When the record counts as none. */
  readonly expiry: number;
  readonly value: string;
}

/** A claim's answer, and the record after it; undefined where it stays. */
export function claimed(
  found: IdempotencyRecord | undefined,
  { owner, fingerprint, lease, retain }: Claim,
  now: number,
): { readonly answer: ClaimAnswer; readonly record?: IdempotencyRecord } {
  const before = found && found.expiry > now ? found : undefined;
  if (before && before.fingerprint !== fingerprint) return { answer: { state: 'mismatch' } };
  const ends = { leaseEnd: now + lease, expiry: now + lease + retain };
  if (before?.state === 'in_progress') {
    // A lost reply must be harmless: the same owner has the same grant.
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

/** Whether an operation of an owner was done, and the record after it; undefined where it stays. */
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
  // What is left of the retention stays behind the lease.
  const retain = found.expiry - found.leaseEnd;
  return { done: true, record: { ...found, leaseEnd: now + lease, expiry: now + lease + retain } };
}

function isOwn(found: IdempotencyRecord | undefined, owner: string, now: number): found is IdempotencyRecord {
  return found !== undefined && found.expiry > now && found.owner === owner;
}
