import { InvocationContext } from '@tradewind/core/adapter';
import { lastingId } from '../shared/lasting-id.js';
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
  override extendLife(work: Promise<unknown>): void {
    super.native.context.execution.waitUntil(work);
  }
}
