import { InvocationContext } from '@tradewind/core/adapter';
import type { LambdaContext } from './types.js';

/** An invocation on Lambda. Its members are read from Lambda's context on access. */
export class LambdaInvocation extends InvocationContext<LambdaContext> {
  get platform(): string {
    return 'lambda';
  }
  get invocationId(): string {
    return this.native.context?.awsRequestId ?? 'local';
  }
  override get platformDeadline(): number {
    // Called as a method, because the runtime's function uses `this`.
    return Date.now() + (this.native.context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY);
  }
  get rawEnv(): object {
    return process.env;
  }
}
