import { emit } from '@tradewind/core/adapter';
import type { Call } from './call.js';

/** Where a policy acted. Function and invocation are undefined if the call was made without a context. */
export interface PolicyPlace {
  readonly functionName: string | undefined;
  readonly invocationId: string | undefined;
  /** The policy's name; by default its kind. */
  readonly name: string;
}

/** The state of a circuit: calls go through (closed), are refused (open), or a few are let through (half-open). */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** The events that policies emit, by type. */
export interface PolicyEvents {
  /** An attempt failed, and another follows. */
  'retry.scheduled': PolicyPlace & {
    /** Which attempt failed, counted from 1. */
    readonly attempt: number;
    /** In ms, until the next attempt. */
    readonly delay: number;
    readonly error: unknown;
  };
  /** An attempt failed, and none follows. */
  'retry.stopped': PolicyPlace & {
    readonly attempt: number;
    /**
     * Why: all attempts are used; the error or the operation must not be retried; too little time is left; the wait is
     * too long; too many calls retry.
     */
    readonly reason: 'attempts' | 'error' | 'deadline' | 'wait' | 'budget';
    readonly error: unknown;
  };
  /** A circuit's state has changed. */
  'circuit.changed': PolicyPlace & {
    readonly from: CircuitState;
    readonly to: CircuitState;
    /** Whether this is the circuit that instances share. */
    readonly isShared: boolean;
  };
  /** The store of a shared circuit failed. Calls go through, and each instance uses its own circuit. */
  'circuit.unshared': PolicyPlace & { readonly error: unknown };
  /** A call was refused. */
  'policy.refused': PolicyPlace & { readonly policy: 'circuitBreaker' | 'bulkhead' };
  /** A call took too long. */
  'timeout.reached': PolicyPlace & { readonly ms: number };
  /** A second call was sent, because the first is slow. */
  'hedge.sent': PolicyPlace;
  /** A call failed, and a fallback's value replaces its result. */
  'fallback.used': PolicyPlace & { readonly error: unknown };
}

declare module '@tradewind/core' {
  interface ObservedEvents extends PolicyEvents {}
}

/** Emits an event to observers. */
export function told<Type extends keyof PolicyEvents>(
  type: Type,
  name: string,
  { context }: Pick<Call, 'context'>,
  more: Omit<PolicyEvents[Type], keyof PolicyPlace>,
): void {
  emit(
    () => ({ type, functionName: context.functionName, invocationId: context.invocationId, name, ...more }) as never,
  );
}
