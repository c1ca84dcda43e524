import { InvocationContext } from '@tradewind/core/adapter';
import { lastingId } from '../shared/lasting-id.js';
import { leftOrLate } from '../shared/left-or-late.js';
import type { NodeRequestEvent } from '../shared/node-request.js';

/** What the server passes in addition to the event. */
export interface NodeNative {
  /** Keeps the server from closing before the work is done. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly request: NodeRequestEvent;
  id?: string;
}

/** An invocation on a Node server. It has no deadline, and its id is made up. */
export class NodeInvocation extends InvocationContext<NodeNative> {
  get platform(): string {
    return 'node';
  }
  get invocationId(): string {
    return lastingId(this.native.context);
  }
  get rawEnv(): object {
    return process.env;
  }
  override get signal(): AbortSignal {
    return leftOrLate(this, super.signal, () => this.native.context.request.leaving.signal);
  }
  override extendLife(work: Promise<unknown>): void {
    this.native.context.waitUntil(work);
  }
}
