import type { CloudEvent } from '@tradewind/core';
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
  /** The trace that the host has begun for the invocation: for an event that brings none of its own. */
  get trace(): Pick<CloudEvent, 'traceparent' | 'tracestate'> {
    const { traceParent, traceState } = this.native.context.traceContext ?? {};
    return { traceparent: traceParent || undefined, tracestate: traceState || undefined };
  }
  /** Application Insights shows only these lines with their invocation. */
  override get logSink(): AzureContext {
    return this.native.context;
  }
}
