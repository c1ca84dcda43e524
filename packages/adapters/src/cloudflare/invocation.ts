import type { AnyFunction } from '@tradewind/core';
import { Invocation } from '@tradewind/core/adapter';
import type { WorkersContext } from './types.js';

/** What Workers says of an invocation: no deadline, and no id of its own but a request's. */
export class WorkersInvocation extends Invocation {
  readonly platform = 'cloudflare';
  readonly platformDeadline: number = Number.POSITIVE_INFINITY;
  readonly native: { readonly event: unknown; readonly context: WorkersContext };
  readonly rawEnv: object;
  #id: string | undefined;

  constructor(fn: AnyFunction, event: unknown, env: object, context: WorkersContext, id?: string | null) {
    super(fn);
    this.native = { event, context };
    this.rawEnv = env;
    this.#id = id ?? undefined;
  }
  get id(): string {
    return (this.#id ??= crypto.randomUUID());
  }
  protected override extendLife(work: Promise<unknown>): void {
    this.native.context.waitUntil(work);
  }
}
