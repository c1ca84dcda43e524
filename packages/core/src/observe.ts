import { secrets } from './context/secrets.js';
import type { Outcome } from './delivery/deliver.js';

/**
 * What {@link observe} can hear of. Packages add their own events by declaration merging.
 */
export interface ObservedEvents {
  /** An HTTP function answered with an error of the server's: the error behind it, before it became a result. */
  'http.failed': { readonly functionName: string; readonly invocationId: string; readonly error: unknown };
  /** One message was delivered. */
  'delivery.settled': {
    readonly functionName: string;
    readonly invocationId: string;
    readonly messageId: string;
    readonly outcome: Outcome;
    /** Whether the platform may forget the message; otherwise it will come again. */
    readonly done: boolean;
    /** In ms, for `retryLater`. */
    readonly after?: number;
    readonly error?: unknown;
  };
  /** A platform could not keep what a function asked for: a delay that is too long, or that it does not have. */
  'delivery.downgraded': {
    readonly functionName: string;
    readonly invocationId: string;
    readonly messageId: string;
    /** What asked for it: `retryLater`, or a sender's `delay`. */
    readonly from: 'retryLater' | 'send';
    /** What became of it: a plain retry, or a shorter delay in ms. */
    readonly to: 'retry' | number;
    readonly reason: string;
  };
}

/** One observed event, with its type. */
export type Observed = {
  [Type in keyof ObservedEvents]: { readonly type: Type } & ObservedEvents[Type];
}[keyof ObservedEvents];

/** Hears of what happens in this process. What it throws is ignored: watching must not change what is watched. */
export type Listener = (event: Observed) => void;

// One hub a process, also where a bundle holds this package twice.
const HUB = Symbol.for('tradewind.observe');
type Hub = { [HUB]?: Set<Listener> };

/**
 * Listens to attempts, deliveries and failures, process-wide. Costs nothing while nobody listens.
 *
 * @returns a function that ends the listening.
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

/** Whether anybody listens, for who would make much to tell. */
export function isObserved(): boolean {
  return ((globalThis as Hub)[HUB]?.size ?? 0) > 0;
}

/** Tells the listeners; `make` runs only when there is one. */
export function emit(make: () => Observed): void {
  const listeners = (globalThis as Hub)[HUB];
  if (!listeners?.size) return;
  const event = withoutSecrets(make());
  for (const listener of listeners) {
    try {
      // An asynchronous one is no listener by its type, and fits it all the same.
      Promise.resolve(listener(event) as unknown).catch(() => {});
    } catch {
      // A listener's own fault is not the function's.
    }
  }
}

/** A copy, since a policy that tells of an error goes on with it: it may be the caller's, who sends its request once more. */
function withoutSecrets(event: Observed): Observed {
  const known = secrets();
  return known && 'error' in event ? { ...event, error: known.scrubCopy(event.error) } : event;
}
