import type { Stage } from './compose.js';

/** The kinds of events. The types of an adapter say which of them its platform supports. */
export type Kind = 'http' | 'queue' | 'schedule' | 'event';

/** Where a trigger keeps the types of its events. It exists only in the types. */
export declare const TYPES: unique symbol;

/**
 * The source of a function's events: their kind, and what stands around the function's handler. This behaviour is part
 * of the trigger, so that a bundle contains only the kinds that it uses.
 */
export interface TriggerBase<K extends Kind = Kind, Event = unknown, Input = unknown> {
  readonly kind: K;
  /** The deadline in ms. An earlier deadline of the platform still applies. */
  readonly timeout?: number | undefined;
  /** For core: what is the same for every function of the kind. */
  readonly stages: Stages;
  readonly [TYPES]?: { readonly event: Event; readonly input: Input };
}

/** What a kind puts around a handler. */
export interface Stages {
  /** Turns what was returned or thrown into a result. Absent if errors are thrown. */
  readonly recover?: Stage;
  /** Answers in time. Absent if the delivery does that. */
  readonly limit?: Stage | undefined;
  /** Reads and validates the event. What it refuses never reaches the stages inside. */
  readonly parse: Stage;
  /** Checks a result on its way out. */
  readonly check?: Stage | undefined;
  /** Converts what a handler or a middleware gave. Idempotent. */
  readonly settle: (value: unknown) => unknown;
}

/** The event that a handler gets. */
export type EventOf<T extends TriggerBase> = NonNullable<T[typeof TYPES]>['event'];
/** What is sent to a function, before its schemas are applied. */
export type InputOfTrigger<T extends TriggerBase> = NonNullable<T[typeof TYPES]>['input'];
