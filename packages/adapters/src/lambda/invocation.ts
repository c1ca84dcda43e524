import { InvocationContext } from '@tradewind/core/adapter';
import type { LambdaContext } from './types.js';

/** What Lambda says of an invocation, read when it is asked for. */
export class LambdaInvocation extends InvocationContext<LambdaContext> {
  get platform(): string {
    return 'lambda';
  }
  get invocationId(): string {
    return this.native.context?.awsRequestId ?? 'local';
  }
  override get platformDeadline(): number {
    // Called as a method: the runtime's own function reads `this`.
    return Date.now() + (this.native.context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY);
  }
  get rawEnv(): object {
    return process.env;
  }
}
