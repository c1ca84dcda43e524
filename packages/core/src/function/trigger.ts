import type { InvocationContext } from '../context/context.js';
import type { Awaitable } from '../thenable.js';

/** Every kind of event there is. Which of them a platform has is in its adapter's types. */
export type Kind = 'http' | 'queue' | 'topic' | 'schedule' | 'object' | 'change' | 'stream' | 'event';

declare const TYPES: unique symbol;

/**
 * Where a function's events come from: its kind, and how an event of that kind is parsed and its value settled. The
 * behaviour is a part of the trigger so that a bundle holds only the kinds that it uses.
 */
export interface Trigger<K extends Kind = Kind, Event = unknown, Input = unknown> {
  readonly kind: K;
  /** The deadline in ms on a platform that has none of its own. */
  readonly timeout?: number | undefined;
  /** For adapters: the parsed event, or a {@link Refusal}; throws where a refusal is no value of this kind. */
  parse(event: never): Awaitable<unknown>;
  /** For adapters: what a handler's value becomes. Absent where it stays as it is. */
  readonly finish?: ((value: unknown) => Awaitable<unknown>) | undefined;
  /** For adapters: what an error becomes. Absent where it stays thrown. */
  readonly recover?: ((error: unknown, context: InvocationContext) => unknown) | undefined;
  readonly [TYPES]?: { readonly event: Event; readonly input: Input };
}

/** A refused event, by value: throwing for every bad request costs more than serving it. */
export class Refusal {
  readonly result: unknown;
  constructor(result: unknown) {
    this.result = result;
  }
}
