import { FunctionError } from '@tradewind/core';
import { type Awaitable, describe, isThenable } from '@tradewind/core/adapter';
import { type Around, answerOf, PATIENCE } from './around.js';
import { Hold } from './hold.js';
import type { ClaimAnswer, Granted, IdempotencyStore } from './store.js';

/** How long a key is owned and kept. Times in ms. */
export interface Terms {
  readonly retention: number;
  readonly lease: number | undefined;
  readonly grace: number;
}

/** A lease where there is no deadline to make one from. */
const FIXED_LEASE = 30_000;

/**
 * Claims a key: it is held, or the store says why it is not.
 *
 * @param patience - in ms: how long the store may take.
 * @throws FunctionError `unavailable` where the store cannot be asked, or does not answer as stores do.
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
    // It may be granted all the same, to nobody: given back, the key is free before the lease is over.
    Promise.resolve(pending)
      .then(() => store.release({ key, owner }))
      .catch(() => {});
    throw new FunctionError('unavailable', 'The idempotency store could not be asked for the key.', { cause });
  }
}

/** Whether a lease is renewed while the handler runs: it has no end that it could be made from, or is a short one. */
function isRenewed({ lease }: Terms, { deadline }: Around): boolean {
  return deadline === Number.POSITIVE_INFINITY || lease !== undefined;
}

/** What a store answered, looked at: a garbled one must not be taken for a grant. */
function checked(answer: ClaimAnswer): ClaimAnswer {
  const { state, fence, attempt, remaining, value } = (answer ?? {}) as unknown as Record<string, unknown>;
  const isRight =
    state === 'mismatch' ||
    (state === 'granted' && Number.isSafeInteger(fence) && Number.isSafeInteger(attempt)) ||
    (state === 'in_progress' && typeof remaining === 'number' && remaining >= 0) ||
    ((state === 'completed' || state === 'failed' || state === 'unknown') && typeof value === 'string');
  if (isRight) return answer;
  throw new FunctionError('internal', `The store answered a claim with ${describe(answer)}, which is no answer.`);
}
