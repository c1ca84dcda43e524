import type { Invocation } from '@tradewind/core/adapter';
import type { LambdaContext } from './types.js';

/** What Lambda says of an invocation, read when it is asked for. */
export class LambdaInvocation implements Invocation {
  readonly platform = 'lambda';
  readonly native: { readonly event: unknown; readonly context: LambdaContext };

  constructor(event: unknown, context: LambdaContext) {
    this.native = { event, context };
  }
  get id(): string {
    return this.native.context?.awsRequestId ?? 'local';
  }
  get deadline(): number {
    // Called as a method: the runtime's own function reads `this`.
    const left = this.native.context?.getRemainingTimeInMillis?.();
    return left === undefined ? Number.POSITIVE_INFINITY : Date.now() + left;
  }
  get env(): object {
    return process.env;
  }
}
