import type { FunctionError } from '@tradewind/core';
import { type Awaitable, describe, isThenable, misconfigured } from '@tradewind/core/adapter';
import { bounded, raced, tooLate } from './bounded.js';
import { Call, type CallContext, PLAIN_CALL } from './call.js';

/** The function that a policy calls, once per attempt. */
export type Operation<T> = (call: Call) => Awaitable<T>;

declare const JOINS: unique symbol;
const RUN = Symbol('run');

/**
 * A policy: a way to call an operation. `Joins` is what it may return in place of the operation's value: `never`,
 * unless there is a fallback.
 *
 * @see {@link compose}, which combines several policies.
 */
export interface Policy<out Joins = never> {
  /**
   * @param within - the context of the function that makes the call, or a signal. Its deadline and its abort apply to
   * every attempt and every wait. Pass the context if you have one.
   */
  <T>(operation: Operation<T>, within?: CallContext | AbortSignal): Promise<T | Joins>;
  /** The policies that it consists of, the outermost first; {@link compose} checks their order. */
  readonly parts: readonly Part[];
  readonly [JOINS]: () => Joins;
}

/** What {@link compose} needs to know about a policy to check the order. */
export type Part =
  | { readonly kind: 'timeout'; readonly ms: number }
  | { readonly kind: 'fallback'; readonly isForAll: boolean }
  | { readonly kind: 'retry' | 'circuitBreaker' | 'bulkhead' | 'hedge' };

/** Runs an operation inside an existing call. */
export type Run<Joins> = <T>(operation: Operation<T>, call: Call) => Promise<T | Joins>;

/** Makes a policy from the function that runs it. */
export function policyOf<Joins = never>(parts: readonly Part[], run: Run<Joins>): Policy<Joins> {
  const policy = <T>(operation: Operation<T>, within?: CallContext | AbortSignal): Promise<T | Joins> => {
    if (typeof operation !== 'function') return Promise.reject(noOperation(operation));
    if (within === undefined) return run(operation, PLAIN_CALL);
    const call = within instanceof Call ? within : new Call(within);
    return call.isOutermost ? entered(operation, call, run) : run(operation, call);
  };
  return Object.assign(policy, { parts, [RUN]: run }) as unknown as Policy<Joins>;
}

/** The outermost policy of a call makes sure that the caller's deadline and abort hold, whatever the operation does. */
function entered<T, Joins>(operation: Operation<T>, call: Call, run: Run<Joins>): Promise<T | Joins> {
  if (call.isCancelled) return Promise.reject(call.signal.reason);
  if (call.isUnguarded) return bounded(call, call.deadline, (inner) => run(operation, inner));
  if (call.deadline <= call.clock.now()) return Promise.reject(tooLate());
  const { givenSignal } = call;
  return givenSignal ? raced(() => run(operation, call), givenSignal) : run(operation, call);
}

function noOperation(came: unknown): FunctionError {
  const what = isThenable(came) ? 'a promise' : describe(came);
  return misconfigured(`A policy must be given a function, which it calls for each attempt; got ${what}.`);
}

/**
 * The function that runs a policy inside an existing call. For a policy of another copy of this package, the policy
 * itself.
 */
export function runOf<Joins>(policy: Policy<Joins>): Run<Joins> {
  return (policy as { readonly [RUN]?: Run<Joins> })[RUN] ?? policy;
}

/** Whether a value is a policy. JavaScript callers may pass any function, such as `fetch`. */
export function isPolicy(value: unknown): value is Policy<unknown> {
  return typeof value === 'function' && Array.isArray((value as Partial<Policy>).parts);
}

/** Starts an operation. An error that it throws synchronously becomes a rejection. */
export function begun<T>(operation: Operation<T>, call: Call): Promise<T> {
  try {
    const value = operation(call);
    return value instanceof Promise ? value : Promise.resolve(value);
  } catch (error) {
    return Promise.reject(error);
  }
}
