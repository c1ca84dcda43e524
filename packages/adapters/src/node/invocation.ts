import { InvocationContext } from '@tradewind/core/adapter';
import { lastingId } from '../shared/lasting-id.js';

/** What the server hands over beside the event. */
export interface NodeNative {
  /** Keeps the server from ending before the work has. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  id?: string;
}

/** What a server of Node's says of an invocation: no deadline, and an id of its own. */
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
  override extendLife(work: Promise<unknown>): void {
    this.native.context.waitUntil(work);
  }
}
