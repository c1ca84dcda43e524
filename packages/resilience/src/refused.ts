import { FunctionError } from '@tradewind/core';

/** A policy refused the call: the operation did not run. */
export class RefusedError extends FunctionError {
  readonly policy: 'circuitBreaker' | 'bulkhead';
  /** The policy's name. */
  readonly policyName: string;
  /** In ms: when another try makes sense, if that is known. */
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

/** Whether a policy refused the call; also recognises errors from another copy of this package. */
export function isRefused(error: unknown): error is RefusedError {
  try {
    const { name, policy } = (error ?? {}) as Partial<RefusedError>;
    return name === 'FunctionError' && (policy === 'circuitBreaker' || policy === 'bulkhead');
  } catch {
    // A thrown value may be a proxy, or have getters that throw.
    return false;
  }
}
