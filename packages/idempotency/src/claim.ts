import { FunctionError, isFunctionError } from '@tradewind/core';
import { type Awaitable, describe, isThenable } from '@tradewind/core/adapter';
import { type Around, answerOf, PATIENCE } from './around.js';
import { Hold } from './hold.js';
import type { ClaimAnswer, Granted, IdempotencyStore } from './store.js';

/** How long a key is owned and kept. Times are in ms. */
export interface Terms {
  readonly retention: number;
  readonly lease: number | undefined;
  readonly grace: number;
}

/** The lease if there is no deadline. */
const FIXED_LEASE = 30_000;

/**
 * Claims a key. Returns a hold, or the store's reason why not.
 *
 * @param patience - in ms: how long the store may take.
 * @throws FunctionError `unavailable` if the store fails or its answer is invalid.
 */
export async function claim(
  store: IdempotencyStore,
  key: string,
  fingerprint: string,
  terms: Terms,
  around: Around,
  patience: number = PATIENCE,
): Promise<Hold | Exclude<ClaimAnswer, Granted>> {
  const { clock, deadline } = around;
  const { retention } = terms;
  const start = clock.now();
  const renews = isRenewed(terms, around);
  const lease = Math.ceil(terms.lease ?? (renews ? FIXED_LEASE : Math.max(0, deadline - start) + terms.grace));
  const owner = crypto.randomUUID();
  let pending: Awaitable<ClaimAnswer> | undefined;
  try {
    pending = store.claim(key, { owner, fingerprint, lease, retain: retention });
    const answer = checked(isThenable(pending) ? await answerOf(pending, around, patience) : pending);
    if (answer.state !== 'granted') return answer;
    const held = { lease, leaseEnd: start + lease, isRenewed: renews, retention };
    return new Hold(store, { key, owner }, answer, held, around);
  } catch (cause) {
    // The claim may still have been granted: released, the key is free before the lease ends.
    Promise.resolve(pending)
      .then(() => store.release({ key, owner }))
      .catch(() => {});
    // The message of a FunctionError says what to do and quotes nothing; that of a client may contain anything.
    const why = isFunctionError(cause) ? ` ${cause.message}` : '';
    throw new FunctionError('unavailable', `The idempotency store failed to answer a claim.${why}`, { cause });
  }
}

/** Whether the lease is renewed while the handler runs: if there is no deadline, or if a `lease` is set. */
function isRenewed({ lease }: Terms, { deadline }: Around): boolean {
  return deadline === Number.POSITIVE_INFINITY || lease !== undefined;
}

/** Checks a store's answer: a garbled one must not count as a grant. */
function checked(answer: ClaimAnswer): ClaimAnswer {
  const { state, fence, attempt, remaining, value } = (answer ?? {}) as unknown as Record<string, unknown>;
  const isRight =
    state === 'mismatch' ||
    (state === 'granted' && Number.isSafeInteger(fence) && Number.isSafeInteger(attempt)) ||
    (state === 'in_progress' && typeof remaining === 'number' && remaining >= 0) ||
    ((state === 'completed' || state === 'failed' || state === 'unknown') && typeof value === 'string');
  if (isRight) return answer;
  throw new FunctionError('internal', `The idempotency store gave an invalid answer to a claim: ${describe(answer)}.`);
}
