import type { CloudEvent } from '@tradewind/core';
import { InvocationContext } from '@tradewind/core/adapter';
import type { AzureContext } from './types.js';

/** An invocation on Azure, which tells a function no deadline. */
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
  /** The attempt number under the function's retry policy, starting at 1; undefined without a policy. */
  get tries(): number | undefined {
    const { retryContext } = this.native.context;
    return retryContext ? retryContext.retryCount + 1 : undefined;
  }
  /** The trace that the host started for the invocation. It is used for an event that carries no trace itself. */
  get trace(): Pick<CloudEvent, 'traceparent' | 'tracestate'> {
    const { traceParent, traceState } = this.native.context.traceContext ?? {};
    return { traceparent: traceParent || undefined, tracestate: traceState || undefined };
  }
  /** Application Insights associates only these log lines with their invocation. */
  override get logSink(): AzureContext {
    return this.native.context;
  }
}
