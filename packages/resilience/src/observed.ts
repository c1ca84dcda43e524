import { emit } from '@tradewind/core/adapter';
import type { Call } from './call.js';

/** Where a policy acted: undefined where the call was given no context. */
export interface PolicyPlace {
  readonly functionName: string | undefined;
  readonly invocationId: string | undefined;
  /** The policy's name, or what kind it is. */
  readonly name: string;
}

/** What a circuit is: calls go through, or are refused, or a few may try. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/** What there is to say of policies, by the event's type. */
export interface PolicyEvents {
  /** An attempt failed, and another follows. */
  'retry.scheduled': PolicyPlace & {
    /** Which attempt failed, counted from 1. */
    readonly attempt: number;
    /** In ms, until the next one. */
    readonly delay: number;
    readonly error: unknown;
  };
  /** An attempt failed, and none follows. */
  'retry.stopped': PolicyPlace & {
    readonly attempt: number;
    /** There were as many as there may be; the error, or the operation, is none to retry; no time is left; the wait is too long; too many calls retry. */
    readonly reason: 'attempts' | 'error' | 'deadline' | 'wait' | 'budget';
    readonly error: unknown;
  };
  /** A circuit has another state. */
  'circuit.changed': PolicyPlace & {
    readonly from: CircuitState;
    readonly to: CircuitState;
    /** Whether it is the one that instances share. */
    readonly isShared: boolean;
  };
  /** The store of a shared circuit could not be asked: its calls go through, and each instance has its own circuit only. */
  'circuit.unshared': PolicyPlace & { readonly error: unknown };
  /** A call was not made. */
  'policy.refused': PolicyPlace & { readonly policy: 'circuitBreaker' | 'bulkhead' };
  /** A call took too long. */
  'timeout.reached': PolicyPlace & { readonly ms: number };
  /** A second call was made beside one that takes long. */
  'hedge.sent': PolicyPlace;
  /** A call failed, and something else stands for its value. */
  'fallback.used': PolicyPlace & { readonly error: unknown };
}

declare module '@tradewind/core' {
  interface ObservedEvents extends PolicyEvents {}
}

/** Tells who observes. */
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
