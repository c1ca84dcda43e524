import type { Context } from '../context/context.js';

/** What tells a receiver of the trace that an event was sent in. */
export interface TraceFields {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
  /** What else goes with the trace, such as baggage: extension attributes of the event. */
  readonly extensions?: Readonly<Record<string, string>>;
}

// biome-ignore lint/suspicious/noExplicitAny: any environment will do
type Propagation = (context: Context<any>) => TraceFields | undefined;

// One a process, also where a bundle holds this package twice.
const PROPAGATION = Symbol.for('tradewind.propagation');
type Holder = { [PROPAGATION]?: Propagation };

/** For packages: what senders ask for the trace of a context. */
export function propagateBy(propagation: Propagation): void {
  (globalThis as Holder)[PROPAGATION] = propagation;
}

/** The trace that something is sent in, where anybody knows. A message goes out without one rather than not at all. */
// biome-ignore lint/suspicious/noExplicitAny: any environment will do
export function traceOf(context: Context<any>): TraceFields | undefined {
  try {
    return (globalThis as Holder)[PROPAGATION]?.(context);
  } catch {
    return undefined;
  }
}
