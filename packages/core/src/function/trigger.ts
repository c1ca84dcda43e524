import type { InvocationContext } from '../context/context.js';

/** The kinds of events. The types of an adapter say which of them its platform supports. */
export type Kind = 'http' | 'queue' | 'topic' | 'schedule' | 'object' | 'change' | 'stream' | 'event';

/** A part of the chain: a handler, or what runs in its place. */
export type Step = (event: unknown, context: InvocationContext) => unknown;
/** Converts a value on its way out of the chain. */
export type Settle = (value: unknown) => unknown;

declare const TYPES: unique symbol;

/**
 * The source of a function's events: their kind, how they are parsed, and how the handler's value is settled. This
 * behaviour is part of the trigger, so that a bundle contains only the kinds that it uses.
 */
export interface Trigger<K extends Kind = Kind, Event = unknown, Input = unknown> {
  readonly kind: K;
  /** The deadline in ms. An earlier deadline of the platform still applies. */
  readonly timeout?: number | undefined;
  /**
   * For adapters: parses an event and passes it to `go`. A refused event is passed to `refuse` instead, because
   * throwing for every bad request costs more than serving it. A kind without results throws.
   */
  parse(event: never, context: InvocationContext, go: Step, refuse: Settle): unknown;
  /** For adapters: converts the handler's value; idempotent. Absent if the value stays as it is. */
  readonly finish?: Settle | undefined;
  /** For adapters: checks a finished value, and may replace it or throw. */
  readonly check?: ((value: never) => unknown) | undefined;
  /** For adapters: converts an error to a result. Absent if errors are thrown. */
  readonly recover?: ((error: unknown, context: InvocationContext) => unknown) | undefined;
  readonly [TYPES]?: { readonly event: Event; readonly input: Input };
}
