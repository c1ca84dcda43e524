import { FunctionError } from '@tradewind/core';

/** A policy did not run the operation: nothing of it has happened. */
export class RefusedError extends FunctionError {
  readonly policy: 'circuitBreaker' | 'bulkhead';
  /** The policy's name. */
  readonly policyName: string;
  /** In ms: when it is worth another try, where that is known. */
  readonly retryAfter: number | undefined;

  constructor(
    policy: RefusedError['policy'],
    policyName: string,
    message: string,
    retryAfter?: number,
    cause?: unknown,
  ) {
    super('unavailable', message, { cause });
    this.policy = policy;
    this.policyName = policyName;
    this.retryAfter = retryAfter;
  }
}

/** Whether an error says that a policy did not run the operation, from this copy of the package or another one. */
export function isRefused(error: unknown): error is RefusedError {
  try {
    const { name, policy } = (error ?? {}) as Partial<RefusedError>;
    return name === 'FunctionError' && (policy === 'circuitBreaker' || policy === 'bulkhead');
  } catch {
    // A thrown value may be a proxy, or have getters that throw.
    return false;
  }
}
