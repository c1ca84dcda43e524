import { InvocationContext } from '@tradewind/core/adapter';
import { lastingId } from '../shared/lasting-id.js';
import { leftOrLate } from '../shared/left-or-late.js';
import type { NodeRequestEvent } from '../shared/node-request.js';

/** The id and start of an invocation. The framework gives a request an id, but not an event. */
export interface GcfNative {
  id?: string | undefined;
  /** In ms since the epoch. */
  readonly start: number;
  /** Undefined for an event. */
  readonly request?: NodeRequestEvent | undefined;
}

/** An invocation on Cloud Run functions. */
export class GcfInvocation extends InvocationContext<GcfNative> {
  get platform(): string {
    return 'gcf';
  }
  get invocationId(): string {
    return lastingId(this.native.context);
  }
  get rawEnv(): object {
    return process.env;
  }
  override get signal(): AbortSignal {
    return leftOrLate(this, super.signal, () => this.native.context.request?.leaving.signal);
  }
  /** From the variable that also sets the framework's own timeout. */
  override get platformDeadline(): number {
    const seconds = Number(process.env.CLOUD_RUN_TIMEOUT_SECONDS);
    return seconds > 0 ? this.native.context.start + seconds * 1_000 : Number.POSITIVE_INFINITY;
  }
}
