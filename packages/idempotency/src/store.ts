import type { Awaitable } from '@tradewind/core/adapter';

/** A request for a key. */
export interface Claim {
  /** Random, one per attempt to run the handler. The same owner claiming again gets the same grant. */
  readonly owner: string;
  /** A digest of what the key stands for; `''` if nothing is compared. */
  readonly fingerprint: string;
  /** In ms, by the store's clock: how long the owner may work before another may take over. */
  readonly lease: number;
  /** In ms: how long the record is kept after it is completed, and after a lease that expired. */
  readonly retain: number;
}

/** The owner has the key. */
export interface Granted {
  readonly state: 'granted';
  /** Rises with every grant of a key: `max(the one before + 1, the store's time in ms)`. */
  readonly fence: number;
  /** The number of this grant of the key, counted from 1. */
  readonly attempt: number;
  /** Whether an earlier owner's lease expired, even if a later owner released the key: it is unknown what was done. */
  readonly takeover: boolean;
}

/** A store's answer to a claim. */
export type ClaimAnswer =
  | Granted
  /** Another owner's lease runs for `remaining` ms more. */
  | { readonly state: 'in_progress'; readonly remaining: number }
  /** The work has ended; `value` is what was stored. */
  | Outcome
  /** The record has another fingerprint. */
  | { readonly state: 'mismatch' };

/** How the work for a key ended. A store keeps it unchanged and does not read it. */
export interface Outcome {
  /** `failed`: an error that every further try would meet. `unknown`: the owner crashed, and nobody may try again. */
  readonly state: 'completed' | 'failed' | 'unknown';
  readonly value: string;
}

/** The key and the owner that an operation is for. */
export interface Grant {
  readonly key: string;
  readonly owner: string;
}

/**
 * Keeps one record per key. Every operation is one atomic step, by the store's own clock. A store throws only if it
 * cannot be reached. `@tradewind/idempotency/conformance` specifies what each operation must do, as tests for any
 * store.
 */
export interface IdempotencyStore {
  /** In bytes, UTF-8: the largest `value` of an outcome that the store accepts. */
  readonly maxValue: number;
  /** A warning that is logged once, such as that the store works within one process only. */
  readonly caution?: string | undefined;
  /**
   * Grants the key to the owner if it is free: never claimed, released, or with an expired lease. A record past its
   * retention does not count.
   */
  claim(key: string, claim: Claim): Awaitable<ClaimAnswer>;
  /**
   * Stores the outcome, for the owner only. Possible after its lease too, if nobody took over.
   *
   * @param retain - in ms, from now.
   * @returns false if the owner has lost the key; then nothing was changed. True again if it had completed it already.
   */
  complete(grant: Grant, outcome: Outcome, retain: number): Awaitable<boolean>;
  /**
   * Frees the key but keeps the record, so that the fence never goes back.
   *
   * @returns false if the owner has lost the key; then nothing was changed. True again if it had released it already.
   */
  release(grant: Grant): Awaitable<boolean>;
  /**
   * Makes the lease last for `lease` ms from now.
   *
   * @returns false if the owner has lost the key or ended the work; then nothing was changed.
   */
  extend(grant: Grant, lease: number): Awaitable<boolean>;
}
