import { InvocationContext } from '@tradewind/core/adapter';
import { lastingId } from '../shared/lasting-id.js';
import type { WorkersContext } from './types.js';

/** What Workers hands over beside the event, and the id that an invocation is given where it has none. */
export interface WorkersNative {
  readonly env: object;
  readonly execution: WorkersContext;
  id: string | null;
}

/** What Workers says of an invocation: no deadline, and no id of its own but a request's. */
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
