import { FunctionError } from '@tradewind/core';
import { type Awaitable, after, describe, isThenable, report } from '@tradewind/core/adapter';
import { type Around, LAST_MOMENT, PATIENCE, timeLeft, within } from './around.js';
import { told } from './observed.js';
import type { Grant, Granted, IdempotencyStore, Outcome } from './store.js';

/** The terms of a grant. Times are in ms. */
export interface Held {
  readonly lease: number;
  /** By the local clock, counted from before the store was asked, so the store's own end is not earlier. */
  readonly leaseEnd: number;
  /** Whether the lease is renewed while the handler runs. */
  readonly isRenewed: boolean;
  readonly retention: number;
}

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;

/** One owner's grant of a key, until it ends. */
export class Hold {
  readonly state = 'held';
  readonly key: string;
  readonly granted: Granted;
  readonly #store: IdempotencyStore;
  readonly #grant: Grant;
  readonly #held: Held;
  readonly #around: Around;
  #leaseEnd: number;

  constructor(store: IdempotencyStore, grant: Grant, granted: Granted, held: Held, around: Around) {
    this.key = grant.key;
    this.granted = granted;
    this.#store = store;
    this.#grant = grant;
    this.#held = held;
    this.#around = around;
    this.#leaseEnd = held.leaseEnd;
  }

  /** Whether the lease is renewed, and can therefore be lost while the handler runs. */
  get isRenewed(): boolean {
    return this.#held.isRenewed;
  }
  /** In bytes. */
  get maxValue(): number {
    return this.#store.maxValue;
  }

  /**
   * Stores the outcome, and retries for as long as possible: releasing the key would let the handler's effects happen
   * twice. If the store stays down, the work is still done. A warning is logged, and the key is free when its lease
   * ends.
   *
   * @returns false if another owner has the key.
   */
  async complete(outcome: Outcome): Promise<boolean> {
    const { clock, log } = this.#around;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        const isDone = await this.#ask(this.#store.complete(this.#grant, outcome, this.#held.retention));
        if (!isDone) told('lost', this.key, this.#around);
        return isDone;
      } catch (error) {
        if (Math.min(timeLeft(this.#around), this.#leaseEnd - clock.now()) <= pause) {
          const message = 'The outcome could not be stored. A duplicate after the lease will run the handler again.';
          report(log, 'warn', message, { key: this.key, error });
          told('unstored', this.key, this.#around, error);
          return true;
        }
        await clock.sleep(pause);
      }
    }
  }

  /** Frees the key for the next try. Never rejects, so that it does not hide the error that led to it. */
  async release(): Promise<void> {
    try {
      const isDone = await this.#ask(this.#store.release(this.#grant));
      if (!isDone) told('lost', this.key, this.#around);
    } catch (error) {
      const message = 'The idempotency key could not be released. It is free when its lease ends.';
      report(this.#around.log, 'warn', message, { key: this.key, error });
    }
  }

  /**
   * Renews the lease until it is stopped, if it has to be renewed.
   *
   * @param lost - called once, when another owner may have the key.
   * @returns a function that stops it.
   */
  keep(lost: () => void): () => void {
    if (!this.#held.isRenewed) return () => {};
    let isOver = false;
    let stop = (): void => {};
    const renew = async (): Promise<void> => {
      if (!(await this.#renewed()) && !isOver) lost();
      else if (!isOver) wait();
    };
    const wait = (): void => {
      // A handler that hangs after its time must not keep the key from the next try.
      if (timeLeft(this.#around) <= 0) return;
      stop = after(this.#around.clock, this.#held.lease / 3, renew);
    };
    wait();
    return () => {
      isOver = true;
      stop();
    };
  }

  /** Renews the lease, and returns whether it still runs. */
  async #renewed(): Promise<boolean> {
    const { clock } = this.#around;
    const { lease } = this.#held;
    const start = clock.now();
    try {
      // Waiting beyond the end of the lease is pointless. If a blocked process is late, the key may still be its own.
      const left = this.#leaseEnd - start;
      if (!(await this.#ask(this.#store.extend(this.#grant, lease), left > 0 ? left : LAST_MOMENT))) return false;
      this.#leaseEnd = start + lease;
      return true;
    } catch {
      // The next renewal may succeed; what counts is whether the lease still runs.
      return clock.now() < this.#leaseEnd;
    }
  }

  /**
   * In ms: how long an operation may take. It must not hold back the response, which is due when the signal aborts, or at
   * the deadline at the latest. If that leaves the store no time, what counts is the lease, so that an outcome is stored
   * as long as nobody can have taken over.
   */
  #patience(): number {
    const { clock, abortAt, deadline } = this.#around;
    const now = clock.now();
    const end = [abortAt, deadline].find((end) => end - now > 2 * LAST_MOMENT);
    return end === undefined ? Math.max(LAST_MOMENT, this.#leaseEnd - now) : end - now - LAST_MOMENT;
  }

  async #ask(answer: Awaitable<boolean>, patience: number = this.#patience()): Promise<boolean> {
    const isDone = isThenable(answer) ? await within(answer, this.#around, Math.min(patience, PATIENCE)) : answer;
    if (typeof isDone === 'boolean') return isDone;
    // Taken as false, it would mean a lost key.
    throw new FunctionError('internal', `The idempotency store must answer true or false; got ${describe(isDone)}.`);
  }
}
