/** Whether what several processes saw of one key could have happened in some sequential order. */
import type { ClaimAnswer, Outcome } from '@tradewind/idempotency';

/** One operation of a history. Times are of one clock, in ms. */
export interface Operation {
  readonly op: 'claim' | 'complete' | 'release' | 'extend';
  readonly owner: string;
  readonly start: number;
  /** Infinity if its end is unknown: it may have happened at any time since, or never. */
  readonly end: number;
  readonly answer?: ClaimAnswer | boolean | undefined;
  /** In ms, for a claim or an extension. */
  readonly lease?: number | undefined;
  readonly outcome?: Outcome | undefined;
}

/** The state of a key's record between operations. */
interface State {
  readonly is: 'none' | 'in_progress' | 'released' | 'ended';
  readonly owner: string;
  readonly attempt: number;
  readonly takeover: boolean;
  readonly fence: number;
  /** The earliest end of the lease. */
  readonly leaseEnd: number;
  readonly outcome?: Outcome | undefined;
}

const NONE: State = { is: 'none', owner: '', attempt: 0, takeover: false, fence: 0, leaseEnd: 0 };

/** The number of states after which the search gives up. */
const MOST = 2_000_000;

/**
 * Looks for an order of the operations, each at some time between its start and its end, in which a store that follows
 * the protocol gives all the observed answers (Wing and Gong). Clocks that measure time differently may differ by
 * `slack` ms.
 *
 * @throws Error if it has found neither an order nor that there is none after two million states.
 */
export function isLinearizable(history: readonly Operation[], slack = 5): boolean {
  return new Search(history, slack).from(
    history.map((_, index) => index),
    NONE,
  );
}

class Search {
  readonly #operations: readonly Operation[];
  readonly #slack: number;
  /** Owners with a single claim of unknown outcome: they are interchangeable. */
  readonly #strangers: ReadonlySet<string>;
  readonly #seen = new Set<string>();

  constructor(history: readonly Operation[], slack: number) {
    this.#operations = history.toSorted((a, b) => a.start - b.start);
    this.#slack = slack;
    const byOwner = Map.groupBy(history, ({ owner }) => owner);
    const alone = Array.from(byOwner.values()).filter(([first, second]) => second === undefined && isOpen(first));
    this.#strangers = new Set(alone.flat().map(({ owner }) => owner));
  }

  /** Whether the remaining operations, sorted by start, can follow a state. */
  from(left: readonly number[], state: State): boolean {
    let rest = left;
    for (;;) {
      const next = this.#next(rest);
      if (next === undefined) return true;
      // An operation that changes nothing may as well come first, so there is no choice to make.
      const idle = next.filter((one) => !isOpen(this.#operations[one]) && this.#after(one, state) === state);
      if (idle.length === 0) break;
      rest = rest.filter((one) => !idle.includes(one));
    }
    if (this.#isTooLate(rest, state)) return false;
    const key = `${rest.join()} ${state.is} ${state.owner} ${state.fence} ${state.leaseEnd} ${state.outcome?.value}`;
    if (this.#seen.has(key)) return false;
    if (this.#seen.size > MOST) throw new Error('The history is too long to check.');
    this.#seen.add(key);
    let hasStranger = false;
    for (const one of this.#next(rest) ?? []) {
      if (this.#strangers.has((this.#operations[one] as Operation).owner)) {
        if (hasStranger) continue;
        hasStranger = true;
      }
      const then = this.#after(one, state);
      if (
        then &&
        then !== state &&
        this.from(
          rest.filter((other) => other !== one),
          then,
        )
      )
        return true;
    }
    return false;
  }

  /**
   * The possible next operations: none that began after another one had ended. Undefined if all the rest may never have
   * happened.
   */
  #next(rest: readonly number[]): number[] | undefined {
    const soonest = Math.min(...rest.map((one) => (this.#operations[one] as Operation).end));
    if (soonest === Number.POSITIVE_INFINITY) return undefined;
    return rest.filter((one) => (this.#operations[one] as Operation).start <= soonest);
  }

  /** Whether a grant remains that must have come earlier. */
  #isTooLate(rest: readonly number[], { attempt, owner }: State): boolean {
    return rest.some((one) => {
      const { answer, owner: other } = this.#operations[one] as Operation;
      if (typeof answer !== 'object' || answer.state !== 'granted') return false;
      return answer.attempt < attempt || (answer.attempt === attempt && other !== owner);
    });
  }

  #after(one: number, state: State): State | undefined {
    return after(this.#operations[one] as Operation, state, this.#slack);
  }
}

/** Whether its outcome is unknown. */
function isOpen(operation: Operation | undefined): boolean {
  return operation?.end === Number.POSITIVE_INFINITY;
}

/** The state after an operation, the same object if nothing changes; undefined if its answer is impossible. */
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
  const isSilent = state.is === 'in_progress';
  const takeover = isSilent || state.takeover;
  // The lease began no earlier than its claim was sent, so it does not end earlier either.
  if (isSilent && end + slack < state.leaseEnd) return undefined;
  const fence = given?.fence ?? state.fence + 1;
  const isRight = !given || (given.attempt === state.attempt + 1 && given.takeover === takeover && fence > state.fence);
  return isRight ? { is: 'in_progress', owner, attempt: state.attempt + 1, takeover, fence, leaseEnd } : undefined;
}
