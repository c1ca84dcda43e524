import { InvocationContext } from '@tradewind/core/adapter';
import type { AzureContext } from './types.js';

/** What Azure says of an invocation. It sets no end that a function could see. */
export class AzureInvocation extends InvocationContext<AzureContext> {
  get platform(): string {
    return 'azure';
  }
  get invocationId(): string {
    return this.native.context.invocationId;
  }
  get rawEnv(): object {
    return process.env;
  }
  /** Which try of the function's retry policy it is, where it has one. */
  get tries(): number | undefined {
    const { retryContext } = this.native.context;
    return retryContext ? retryContext.retryCount + 1 : undefined;
  }
  /** Application Insights shows only these lines with their invocation. */
  override get logSink(): AzureContext {
    return this.native.context;
  }
}
