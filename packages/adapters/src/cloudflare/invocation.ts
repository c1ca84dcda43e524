import { InvocationContext } from '@tradewind/core/adapter';
import { lastingId } from '../shared/lasting-id.js';
import { leftOrLate } from '../shared/left-or-late.js';
import type { WorkersContext } from './types.js';

/** What Workers passes in addition to the event, and the invocation's id, which is made up if there is none. */
export interface WorkersNative {
  readonly env: object;
  readonly execution: WorkersContext;
  id: string | null;
}

/** An invocation on Workers. It has no deadline, and only requests have an id of their own. */
export class WorkersInvocation extends InvocationContext<WorkersNative> {
  get platform(): string {
    return 'cloudflare';
  }
  get invocationId(): string {
    return lastingId(super.native.context);
  }
  get rawEnv(): object {
    return super.native.context.env;
  }
  override get native(): { event: unknown; context: never } {
    const { event, context } = super.native;
    return { event, context: context.execution as never };
  }
  /** Without the runtime's flag `enable_request_signal`, a request does not tell when its client leaves. */
  override get signal(): AbortSignal {
    return leftOrLate(this, super.signal, () => (super.native.event as Request).signal);
  }
  override extendLife(work: Promise<unknown>): void {
    super.native.context.execution.waitUntil(work);
  }
}
