import type { Context } from '../context/context.js';

/** The trace that an event is sent in, for its receiver. */
export interface TraceFields {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
  /** What else goes with the trace, such as baggage: extension attributes of the event. */
  readonly extensions?: Readonly<Record<string, string>>;
}

// biome-ignore lint/suspicious/noExplicitAny: any environment will do
type Propagation = (context: Context<any>) => TraceFields | undefined;

// One per process, even if a bundle contains this package twice.
const PROPAGATION = Symbol.for('tradewind.propagation');
type Holder = { [PROPAGATION]?: Propagation };

/** For packages: sets the function that returns the trace of a context to senders. */
export function propagateBy(propagation: Propagation): void {
  (globalThis as Holder)[PROPAGATION] = propagation;
}

/** The trace that a message is sent in, if known. A failure must not prevent sending: the message then has no trace. */
// biome-ignore lint/suspicious/noExplicitAny: any environment will do
export function traceOf(context: Context<any>): TraceFields | undefined {
  try {
    return (globalThis as Holder)[PROPAGATION]?.(context);
  } catch {
    return undefined;
  }
}
