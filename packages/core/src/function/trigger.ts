import type { InvocationContext } from '../context/context.js';

/** Every kind of event there is. Which of them a platform has is in its adapter's types. */
export type Kind = 'http' | 'queue' | 'topic' | 'schedule' | 'object' | 'change' | 'stream' | 'event';

/** A handler, or what runs in its place: a part of the chain. */
export type Step = (event: unknown, context: InvocationContext) => unknown;
/** What becomes of a value on its way. */
export type Settle = (value: unknown) => unknown;

declare const TYPES: unique symbol;

/**
 * Where a function's events come from: its kind, and how an event of that kind is parsed and its value settled. The
 * behaviour is a part of the trigger so that a bundle holds only the kinds that it uses.
 */
export interface Trigger<K extends Kind = Kind, Event = unknown, Input = unknown> {
  readonly kind: K;
  /** The deadline in ms on a platform that has none of its own. */
  readonly timeout?: number | undefined;
  /**
   * For adapters: parses an event and goes on with it. A refused one goes nowhere but to `refuse`, since throwing for
   * every bad request costs more than serving it; a kind without results throws.
   */
  parse(event: never, context: InvocationContext, go: Step, refuse: Settle): unknown;
  /** For adapters: what a handler's value becomes, and stays when it is given again. Absent where it stays as it is. */
  readonly finish?: Settle | undefined;
  /** For adapters: a last look at a finished value, which may replace it or throw. */
  readonly check?: ((value: never) => unknown) | undefined;
  /** For adapters: what an error becomes. Absent where it stays thrown. */
  readonly recover?: ((error: unknown, context: InvocationContext) => unknown) | undefined;
  readonly [TYPES]?: { readonly event: Event; readonly input: Input };
}
