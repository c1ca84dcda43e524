import type { Awaitable } from '@tradewind/core/adapter';

/** When a shared circuit opens and closes. Times are in ms. */
export interface BreakerRules {
  /** How long an instance's report counts. */
  readonly window: number;
  readonly failureRate: number;
  readonly minimum: number;
  /** More than this share of the reporting instances must reach the failure rate. */
  readonly quorum: number;
  readonly openFor: number;
  readonly probes: number;
}

/** What an instance reports and asks for. */
export interface BreakerReport {
  /** The instance's random id. */
  readonly instance: string;
  /** The generation that the instance knows; counts of an earlier one do not count. 0 if it knows none. */
  readonly generation: number;
  /** The calls in its window, and those that failed. Totals, so that a report that arrives twice counts once. */
  readonly calls: number;
  readonly failures: number;
  /** A random id: asks to make a probe, if the circuit is open and its time is over. */
  readonly ask?: string;
  /** How a granted probe ended. */
  readonly ended?: { readonly id: string; readonly end: 'success' | 'failure' | 'neither' };
}

/** The store's answer. */
export interface SharedState {
  /** Rises with every change of state. */
  readonly generation: number;
  readonly isOpen: boolean;
  /** In ms: how long to wait before asking for a probe; 0 if it is worth asking now. */
  readonly remaining: number;
  /** Whether the probe that was asked for may be made. */
  readonly granted: boolean;
}

/**
 * The store of a shared circuit. The pure functions in `exchange.ts` specify what it does; a store does it in one
 * atomic step, by its own clock.
 */
export interface BreakerStore {
  exchange(name: string, report: BreakerReport, rules: BreakerRules): Awaitable<SharedState>;
}
