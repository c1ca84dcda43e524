import type { Awaitable } from '@tradewind/core/adapter';

/** What a store is asked for a key. */
export interface Claim {
  /** Random, one for each attempt to run the handler. The same owner claiming again gets the same grant. */
  readonly owner: string;
  /** A digest of what the key stands for; `''` where nothing is compared. */
  readonly fingerprint: string;
  /** In ms, by the store's clock: how long the owner may work before another one takes over. */
  readonly lease: number;
  /** In ms: how long the record is kept once it is completed, and after a lease that nobody ended. */
  readonly retain: number;
}

/** The key is the owner's to work on. */
export interface Granted {
  readonly state: 'granted';
  /** Rises with every grant of a key: `max(the one before + 1, the store's time in ms)`. */
  readonly fence: number;
  /** Which grant of the key it is, counted from 1. */
  readonly attempt: number;
  /** Whether an owner before it let its lease run out, one before an owner that released it too: what it did is not known. */
  readonly takeover: boolean;
}

/** What a store answers to a claim. */
export type ClaimAnswer =
  | Granted
  /** Another owner's lease has `remaining` ms to go. */
  | { readonly state: 'in_progress'; readonly remaining: number }
  /** Somebody ended it; `value` is what they stored. */
  | Outcome
  /** The record is of another fingerprint. */
  | { readonly state: 'mismatch' };

/** How the work for a key ended. A store keeps it as it is and looks at nothing of it. */
export interface Outcome {
  /** `failed` is an error that every further try would meet; `unknown` an owner's that died, and nobody may try again. */
  readonly state: 'completed' | 'failed' | 'unknown';
  readonly value: string;
}

/** Whose grant an operation is for. */
export interface Grant {
  readonly key: string;
  readonly owner: string;
}

/**
 * Keeps one record a key. Every operation is one atomic step, by the store's own clock; none throws but for a store that
 * cannot be reached. What each must do is in `@tradewind/idempotency/conformance`, which any store can be run against.
 */
export interface IdempotencyStore {
  /** In bytes, UTF-8: the largest `value` of an outcome that the store takes. */
  readonly maxValue: number;
  /** Where the store's own process is the only one that it is for, or the reason is another: said once, as a warning. */
  readonly caution?: string | undefined;
  /**
   * Gives the key to the owner where it is free: never claimed, released, or its lease run out. A record past its
   * retention counts as none.
   */
  claim(key: string, claim: Claim): Awaitable<ClaimAnswer>;
  /**
   * Stores the outcome, for the owner only, also after its lease where nobody took over.
   *
   * @param retain - in ms, from now.
   * @returns false where the owner has lost the key, and nothing was changed. True again where it had completed it.
   */
  complete(grant: Grant, outcome: Outcome, retain: number): Awaitable<boolean>;
  /**
   * Frees the key and keeps the record, so that the fence never goes back.
   *
   * @returns false where the owner has lost the key, and nothing was changed. True again where it had released it.
   */
  release(grant: Grant): Awaitable<boolean>;
  /**
   * Lets the lease run for `lease` ms from now.
   *
   * @returns false where the owner has lost the key, or ended it, and nothing was changed.
   */
  extend(grant: Grant, lease: number): Awaitable<boolean>;
}
