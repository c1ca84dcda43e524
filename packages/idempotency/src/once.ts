import { FunctionError } from '@tradewind/core';
import { type Awaitable, report } from '@tradewind/core/adapter';
import { type Around, answerOf, timeLeft } from './around.js';
import { claim, type Terms } from './claim.js';
import type { Hold } from './hold.js';
import { told } from './observed.js';
import type { Idempotency } from './options.js';
import type { IdempotencyStore, Outcome } from './store.js';

/** Work to run once per key, and how its value is stored. */
export interface Work<T> {
  readonly store: IdempotencyStore;
  readonly key: string;
  readonly fingerprint: string;
  readonly terms: Terms;
  readonly around: Around;
  /** The running work of this process, by key, if one call may wait for another. */
  readonly running: Running | undefined;
  /** In ms: how long to wait for another process that runs the work. */
  readonly wait: number;
  readonly failOpen: boolean;
  /** `refuse`: nobody tries again after an owner that crashed or hung, since its work may be half done. */
  readonly refusesTakeover: boolean;
  /**
   * @param lost - a signal that aborts when the key is lost, created when it is called; undefined if that cannot
   * happen.
   */
  run(idempotency: Idempotency, lost: (() => AbortSignal) | undefined): Awaitable<T>;
  /** The value, and the outcome to store. Without an outcome the key is freed for the next try. */
  keep(value: T, max: number): Awaitable<{ readonly value: T; readonly outcome?: Outcome }>;
  /** The outcome to store for an error. If undefined, the key is freed for the next try. */
  keepError(error: unknown): Outcome | undefined;
}

/** How a call ended for which the handler did not run. */
export type Told =
  | Outcome
  | { readonly state: 'in_progress'; readonly remaining: number }
  | { readonly state: 'mismatch' }
  /** The work is done, but another owner has the key: it may have been done twice. */
  | { readonly state: 'lost' };

/** How a call ended. */
export type Ended<T> = { readonly state: 'ran'; readonly value: T } | Told;

/** The message for a lost key. */
export const LOST = 'Another try has taken over while this one ran.';

/** The work that runs in this process, by key. */
export type Running = Map<string, Twin>;

interface Twin {
  readonly fingerprint: string;
  readonly call: Promise<End<unknown>>;
  /** In ms since the epoch: the latest end of its lease. Work that hangs must not keep the key from the next try. */
  readonly end: number;
}

/** Does the work unless somebody has done it, and returns how that ended. An error of the work is thrown. */
export async function once<T>(work: Work<T>): Promise<Ended<T>> {
  const { key, fingerprint, running, around } = work;
  if (!running) return (await guarded(work)).ended;
  for (;;) {
    const twin = running.get(key);
    if (!twin || twin.end <= around.clock.now()) break;
    if (twin.fingerprint !== fingerprint) return tell(work, { state: 'mismatch' });
    try {
      const { outcome } = await answerOf(twin.call, around, twin.end - around.clock.now());
      if (outcome) return tell(work, outcome);
    } catch {
      if (timeLeft(around) <= 0) return tell(work, { state: 'in_progress', remaining: 0 });
    }
    // It failed; this call is the next try.
  }
  const call = guarded(work);
  const twin = {
    fingerprint,
    call,
    end: around.deadline + work.terms.grace,
  };
  running.set(key, twin);
  try {
    return (await call).ended;
  } finally {
    if (running.get(key) === twin) running.delete(key);
  }
}

interface End<T> {
  readonly ended: Ended<T>;
  /** What duplicates may get. */
  readonly outcome?: Outcome | undefined;
}

async function guarded<T>(work: Work<T>): Promise<End<T>> {
  let hold: Awaited<ReturnType<typeof claim>>;
  try {
    hold = await (work.wait > 0 ? waited(work) : claimed(work));
  } catch (error) {
    const { around, key } = work;
    if (!work.failOpen || timeLeft(around) <= 0) throw error;
    report(around.log, 'warn', 'The idempotency store failed. The handler runs without it.', {
      key,
      error,
    });
    told('failed_open', key, around, error);
    return { ended: { state: 'ran', value: await work.run(ungranted(work.key), undefined) } };
  }
  if (hold.state !== 'held') {
    return { ended: tell(work, hold), outcome: 'value' in hold ? hold : undefined };
  }
  if (hold.granted.takeover && work.refusesTakeover) {
    const outcome = { state: 'unknown', value: '' } as const;
    await hold.complete(outcome);
    return { ended: outcome, outcome };
  }
  return held(work, hold);
}

/** Runs the work under a grant. */
async function held<T>(work: Work<T>, hold: Hold): Promise<End<T>> {
  const idempotency = grantedAs(hold);
  told(idempotency.claim as 'first', work.key, work.around);
  let lost: AbortController | undefined;
  let isLost = false;
  const lose = (): void => lost?.abort(new FunctionError('conflict', LOST));
  const signal = (): AbortSignal => {
    lost ??= new AbortController();
    if (isLost) lose();
    return lost.signal;
  };
  const stop = hold.keep(() => {
    isLost = true;
    lose();
  });
  let kept: Awaited<ReturnType<Work<T>['keep']>>;
  try {
    kept = await work.keep(await work.run(idempotency, hold.isRenewed ? signal : undefined), hold.maxValue);
  } catch (error) {
    stop();
    const outcome = work.keepError(error);
    if (outcome) await hold.complete(outcome);
    else await hold.release();
    throw error;
  }
  stop();
  const { value, outcome } = kept;
  const ended = { state: 'ran', value } as const;
  if (!outcome) {
    await hold.release();
    return { ended };
  }
  if (outcome.value === '') told('unkept', work.key, work.around);
  return (await hold.complete(outcome)) ? { ended, outcome } : { ended: { state: 'lost' } };
}

/** In ms. */
const SHORTEST_LOOK = 50;
const LONGEST_LOOK = 1_000;

/** Claims the key; if another owner has it, tries again for as long as the call may wait. */
async function waited<T>(work: Work<T>): ReturnType<typeof claim> {
  const { around, wait } = work;
  const { clock } = around;
  const end = clock.now() + wait;
  for (let pause = SHORTEST_LOOK; ; pause = Math.min(2 * pause, LONGEST_LOOK)) {
    const answer = await claimed(work);
    if (answer.state !== 'in_progress') return answer;
    const left = Math.min(end - clock.now(), timeLeft(around));
    if (left <= 0) return answer;
    await clock.sleep(Math.min(pause, left, answer.remaining + 1));
  }
}

/** In ms, with `failOpen`: a store that takes longer, or a quarter of the time left, counts as down. */
const OPEN_PATIENCE = 1_000;

function claimed<T>({ store, key, fingerprint, terms, around, failOpen }: Work<T>): ReturnType<typeof claim> {
  if (!failOpen) return claim(store, key, fingerprint, terms, around);
  return claim(store, key, fingerprint, terms, around, Math.min(OPEN_PATIENCE, timeLeft(around) / 4));
}

function grantedAs({ key, granted: { fence, attempt, takeover } }: Hold): Idempotency {
  return { key, fence, attempt, claim: takeover ? 'takeover' : attempt > 1 ? 'retry' : 'first' };
}

/** For work that no record backs. */
export function ungranted(key: string): Idempotency {
  return { key, fence: 0, attempt: 0, claim: 'none' };
}

/** Reports to observers how a call ended for which the handler did not run. */
function tell<Ending extends Told>({ key, around }: Pick<Work<unknown>, 'key' | 'around'>, ending: Ending): Ending {
  const { state } = ending;
  told(state === 'in_progress' || state === 'mismatch' || state === 'lost' ? state : 'replayed', key, around);
  return ending;
}
