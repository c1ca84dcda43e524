import type { FunctionError } from '@tradewind/core';
import { type Awaitable, describe, isThenable, misconfigured } from '@tradewind/core/adapter';
import { bounded, raced, tooLate } from './bounded.js';
import { Call, type CallContext, PLAIN_CALL } from './call.js';

/** What a policy runs: called once for each attempt. */
export type Operation<T> = (call: Call) => Awaitable<T>;

declare const JOINS: unique symbol;
const RUN = Symbol('run');

/**
 * A way to run an operation. `Joins` is what it may give in place of the operation's value; `never` but for a fallback.
 *
 * @see {@link compose}, which makes one of several.
 */
export interface Policy<out Joins = never> {
  /**
   * @param within - the context of the function that the call is made in, or a signal: its deadline and its abort hold for
   * every attempt and every wait between two. Give the context where there is one.
   */
  <T>(operation: Operation<T>, within?: CallContext | AbortSignal): Promise<T | Joins>;
  /** What it is made of, the outermost first; for {@link compose}, which refuses what makes no sense. */
  readonly parts: readonly Part[];
  readonly [JOINS]: () => Joins;
}

/** What is to be known of a policy where it stands among others. */
export type Part =
  | { readonly kind: 'timeout'; readonly ms: number }
  | { readonly kind: 'fallback'; readonly isForAll: boolean }
  | { readonly kind: 'retry' | 'circuitBreaker' | 'bulkhead' | 'hedge' };

/** Runs an operation in a call that is there. */
export type Run<Joins> = <T>(operation: Operation<T>, call: Call) => Promise<T | Joins>;

/** A policy from what it does. */
export function policyOf<Joins = never>(parts: readonly Part[], run: Run<Joins>): Policy<Joins> {
  const policy = <T>(operation: Operation<T>, within?: CallContext | AbortSignal): Promise<T | Joins> => {
    if (typeof operation !== 'function') return Promise.reject(noOperation(operation));
    if (within === undefined) return run(operation, PLAIN_CALL);
    const call = within instanceof Call ? within : new Call(within);
    return call.isOutermost ? entered(operation, call, run) : run(operation, call);
  };
  return Object.assign(policy, { parts, [RUN]: run }) as unknown as Policy<Joins>;
}

/** The first policy of a call sees to it that the caller is heeded, whatever the operation does. */
function entered<T, Joins>(operation: Operation<T>, call: Call, run: Run<Joins>): Promise<T | Joins> {
  if (call.isCancelled) return Promise.reject(call.signal.reason);
  if (call.isUnguarded) return bounded(call, call.deadline, (inner) => run(operation, inner));
  if (call.deadline <= call.clock.now()) return Promise.reject(tooLate());
  const { givenSignal } = call;
  return givenSignal ? raced(run(operation, call), givenSignal) : run(operation, call);
}

function noOperation(came: unknown): FunctionError {
  const what = isThenable(came) ? 'a promise' : describe(came);
  return misconfigured(
    `What a policy is to run is ${what}, and a function is expected, which it calls for each attempt.`,
  );
}

/** What a policy does in a call that is there; of another copy of this package it is the policy itself. */
export function runOf<Joins>(policy: Policy<Joins>): Run<Joins> {
  return (policy as { readonly [RUN]?: Run<Joins> })[RUN] ?? policy;
}

/** Whether a value is a policy, for who writes JavaScript: `fetch` is a function, too. */
export function isPolicy(value: unknown): value is Policy<unknown> {
  return typeof value === 'function' && Array.isArray((value as Partial<Policy>).parts);
}

/** Begins an operation; what it throws at once is a rejection as any other. */
export function begun<T>(operation: Operation<T>, call: Call): Promise<T> {
  try {
    const value = operation(call);
    return value instanceof Promise ? value : Promise.resolve(value);
  } catch (error) {
    return Promise.reject(error);
  }
}
