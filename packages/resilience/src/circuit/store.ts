import type { Awaitable } from '@tradewind/core/adapter';

/** How a circuit that instances share opens and closes. Times in ms. */
export interface BreakerRules {
  /** How long an instance's report counts. */
  readonly window: number;
  readonly failureRate: number;
  readonly minimum: number;
  /** More than this share of the instances that report must see failures at the rate. */
  readonly quorum: number;
  readonly openFor: number;
  readonly probes: number;
}

/** What an instance tells, and asks. */
export interface BreakerReport {
  /** Random, one an instance. */
  readonly instance: string;
  /** Of the state that it knows: what it saw before the latest one says nothing. 0 where it knows none. */
  readonly generation: number;
  /** Of its calls in the window, all and those that failed: a state, so that a report which arrives twice counts once. */
  readonly calls: number;
  readonly failures: number;
  /** Random: the name of a call that it wants to try with, where the circuit is open and its time is over. */
  readonly ask?: string;
  /** How a call ended that it had been granted. */
  readonly ended?: { readonly id: string; readonly end: 'success' | 'failure' | 'neither' };
}

/** What the circuit is, by the store. */
export interface SharedState {
  /** Rises with every change of the state. */
  readonly generation: number;
  readonly isOpen: boolean;
  /** In ms: when it is worth asking for a call to try with; 0 where it is now. */
  readonly remaining: number;
  /** Whether the call that was asked for may be made. */
  readonly granted: boolean;
}

/**
 * Where instances meet over one circuit. What it must do is in the pure functions of `exchange.ts`; the store does it in one
 * atomic step, by its own clock.
 */
export interface BreakerStore {
  exchange(name: string, report: BreakerReport, rules: BreakerRules): Awaitable<SharedState>;
}
