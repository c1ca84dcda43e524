import type { Invocation } from '@tradewind/core/adapter';
import type { WorkersContext } from './types.js';

/** What Workers says of an invocation: no deadline, and no id of its own but a request's. */
export class WorkersInvocation implements Invocation {
  readonly platform = 'cloudflare';
  readonly deadline: number = Number.POSITIVE_INFINITY;
  readonly native: { readonly event: unknown; readonly context: WorkersContext };
  readonly env: object;
  #id: string | undefined;

  constructor(event: unknown, env: object, context: WorkersContext, id?: string) {
    this.native = { event, context };
    this.env = env;
    this.#id = id;
  }
  get id(): string {
    return (this.#id ??= crypto.randomUUID());
  }
  waitUntil(work: Promise<unknown>): void {
    this.native.context.waitUntil(work);
  }
}
