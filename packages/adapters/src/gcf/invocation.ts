import { InvocationContext } from '@tradewind/core/adapter';
import { lastingId } from '../shared/lasting-id.js';

/** What an invocation is known by: of a request the framework knows an id, of an event it does not. */
export interface GcfNative {
  id?: string | undefined;
  /** In ms since the epoch. */
  readonly start: number;
}

/** What Cloud Run functions say of an invocation. */
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
  /** The variable by which the framework knows when it is to give up. */
  override get platformDeadline(): number {
    const seconds = Number(process.env.CLOUD_RUN_TIMEOUT_SECONDS);
    return seconds > 0 ? this.native.context.start + seconds * 1_000 : Number.POSITIVE_INFINITY;
  }
}
