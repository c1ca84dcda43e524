import { secrets } from './context/secrets.js';
import type { Outcome } from './delivery/deliver.js';

/** The events that {@link observe} reports. Packages add their own by declaration merging. */
export interface ObservedEvents {
  /** An error in an HTTP function became a 5xx response. `error` is what was thrown. */
  'http.failed': { readonly functionName: string; readonly invocationId: string; readonly error: unknown };
  /** One message was delivered. */
  'delivery.settled': {
    readonly functionName: string;
    readonly invocationId: string;
    readonly messageId: string;
    readonly outcome: Outcome;
    /** Whether the message is done. If not, it is redelivered. */
    readonly done: boolean;
    /** In ms, for `retryLater`. */
    readonly after?: number;
    readonly error?: unknown;
  };
  /** A delay could not be kept: it is too long, or the platform cannot delay. */
  'delivery.downgraded': {
    readonly functionName: string;
    readonly invocationId: string;
    readonly messageId: string;
    /** What requested the delay: `retryLater`, or a sender's `delay`. */
    readonly from: 'retryLater' | 'send';
    /** What happens instead: a plain retry, or a shorter delay in ms. */
    readonly to: 'retry' | number;
    readonly reason: string;
  };
}

/** One observed event, with its type. */
export type Observed = {
  [Type in keyof ObservedEvents]: { readonly type: Type } & ObservedEvents[Type];
}[keyof ObservedEvents];

/** Receives the events of this process. An error that it throws is ignored, so that observing changes nothing. */
export type Listener = (event: Observed) => void;

// One hub per process, even if a bundle contains this package twice.
const HUB = Symbol.for('tradewind.observe');
type Hub = { [HUB]?: Set<Listener> };

/**
 * Listens to attempts, deliveries and failures in the whole process. It costs nothing while there is no listener.
 *
 * @returns a function that removes the listener.
 * @example
 * ```ts
 * import { observe } from '@tradewind/core';
 *
 * const stop = observe((event) => {
 *   if (event.type === 'delivery.settled') console.log(event.functionName, event.outcome);
 * });
 * stop();
 * ```
 */
export function observe(listener: Listener): () => void {
  const hub = globalThis as Hub;
  hub[HUB] ??= new Set();
  const listeners = hub[HUB];
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Whether there is a listener, for callers whose events are expensive to make. */
export function isObserved(): boolean {
  return ((globalThis as Hub)[HUB]?.size ?? 0) > 0;
}

/** Passes an event to the listeners. `make` runs only if there is a listener. */
export function emit(make: () => Observed): void {
  const listeners = (globalThis as Hub)[HUB];
  if (!listeners?.size) return;
  const event = withoutSecrets(make());
  for (const listener of listeners) {
    try {
      // An asynchronous function is assignable to Listener too: its rejection is ignored as well.
      Promise.resolve(listener(event) as unknown).catch(() => {});
    } catch {
      // An error of a listener must not fail the function.
    }
  }
}

/** Returns a copy, because a policy that reports an error goes on using it. */
function withoutSecrets(event: Observed): Observed {
  const known = secrets();
  return known && 'error' in event ? { ...event, error: known.scrubCopy(event.error) } : event;
}
