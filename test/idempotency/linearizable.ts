/** Whether what several processes saw of one key could have happened one step after the other. */
import type { ClaimAnswer, Outcome } from '@tradewind/idempotency';

/** One operation of a history. Times are of one clock, in ms. */
export interface Operation {
  readonly op: 'claim' | 'complete' | 'release' | 'extend';
  readonly owner: string;
  readonly start: number;
  /** Infinity where nothing is known of it: it may have happened at any time since, or never. */
  readonly end: number;
  readonly answer?: ClaimAnswer | boolean | undefined;
  /** In ms, of a claim and of an extension. */
  readonly lease?: number | undefined;
  readonly outcome?: Outcome | undefined;
}

/** What a key's record is in between. */
interface State {
  readonly is: 'none' | 'in_progress' | 'released' | 'ended';
  readonly owner: string;
  readonly attempt: number;
  readonly takeover: boolean;
  readonly fence: number;
  /** When the lease is over, at the earliest. */
  readonly leaseEnd: number;
  readonly outcome?: Outcome | undefined;
}

const NONE: State = { is: 'none', owner: '', attempt: 0, takeover: false, fence: 0, leaseEnd: 0 };

/**
 * Looks for an order of the operations, each at some time between its start and its end, in which a store that does what
 * the protocol says gives every answer that was seen (Wing and Gong). Clocks that measure time differently may be apart by
 * `slack` ms.
 */
export function isLinearizable(history: readonly Operation[], slack = 5): boolean {
  const operations = history.toSorted((a, b) => a.start - b.start);
  const seen = new Set<string>();
  const search = (rest: readonly Operation[], state: State): boolean => {
    if (rest.every(({ end }) => end === Number.POSITIVE_INFINITY)) return true;
    const key = `${rest.map(({ owner, op, start }) => `${owner}${op}${start}`).join()} ${JSON.stringify(state)}`;
    if (seen.has(key)) return false;
    seen.add(key);
    // What began after another one had ended cannot come before it.
    const soonest = Math.min(...rest.map(({ end }) => end));
    const next = rest.filter(({ start }) => start <= soonest);
    const without = (one: Operation): Operation[] => rest.filter((other) => other !== one);
    // What changes nothing may as well come at once, so there is nothing to choose.
    const idle = next.find((one) => one.end < Number.POSITIVE_INFINITY && after(one, state, slack) === state);
    if (idle) return search(without(idle), state);
    return next.some((one) => {
      const then = after(one, state, slack);
      return then !== undefined && then !== state && search(without(one), then);
    });
  };
  return search(operations, NONE);
}

/** The state after an operation, the same object where it changes nothing; undefined where its answer cannot be. */
function after(operation: Operation, state: State, slack: number): State | undefined {
  const { op, owner, answer } = operation;
  if (op === 'claim') return afterClaim(operation, state, slack);
  const isOwn = state.owner === owner;
  const isDone =
    isOwn &&
    (state.is === 'in_progress' ||
      (op === 'complete' && state.is === 'ended') ||
      (op === 'release' && state.is === 'released'));
  if (answer !== undefined && answer !== isDone) return undefined;
  if (!isDone || state.is !== 'in_progress') return state;
  if (op === 'complete') return { ...state, is: 'ended', outcome: operation.outcome };
  if (op === 'release') return { ...state, is: 'released' };
  return { ...state, leaseEnd: operation.start + (operation.lease ?? 0) };
}

function afterClaim(
  { owner, start, end, answer, lease = 0 }: Operation,
  state: State,
  slack: number,
): State | undefined {
  const given = typeof answer === 'object' ? answer : undefined;
  const leaseEnd = start + lease;
  if (state.is === 'ended') {
    const isSame = given?.state === state.outcome?.state && (given as Outcome).value === state.outcome?.value;
    return given === undefined || isSame ? state : undefined;
  }
  if (state.is === 'in_progress' && state.owner === owner) {
    const { attempt, takeover, fence } = state;
    const isSame =
      given?.state === 'granted' && given.attempt === attempt && given.takeover === takeover && given.fence === fence;
    return given === undefined || isSame ? { ...state, leaseEnd } : undefined;
  }
  if (given?.state === 'in_progress') return state.is === 'in_progress' ? state : undefined;
  if (given !== undefined && given.state !== 'granted') return undefined;
  const takeover = state.is === 'in_progress';
  // The lease had begun no sooner than its claim was sent, so it is over no sooner than that either.
  if (takeover && end + slack < state.leaseEnd) return undefined;
  const fence = given?.fence ?? state.fence + 1;
  const isRight = !given || (given.attempt === state.attempt + 1 && given.takeover === takeover && fence > state.fence);
  return isRight ? { is: 'in_progress', owner, attempt: state.attempt + 1, takeover, fence, leaseEnd } : undefined;
}
