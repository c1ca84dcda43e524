import { InvocationContext } from '@tradewind/core/adapter';
import type { ToyMeta } from './types.ts';

/** What the toy cloud says of an invocation. */
export class ToyInvocation extends InvocationContext<ToyMeta> {
  get platform(): string {
    return 'toy';
  }
  get invocationId(): string {
    return this.native.context.run;
  }
  get rawEnv(): object {
    return process.env;
  }
  override get platformDeadline(): number {
    return this.native.context.killAt;
  }
}
