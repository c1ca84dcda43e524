import type { AnyFunction } from '@tradewind/core';
import { Invocation } from '@tradewind/core/adapter';
import type { LambdaContext } from './types.js';

/** What Lambda says of an invocation, read when it is asked for. */
export class LambdaInvocation extends Invocation {
  readonly #event: unknown;
  readonly #context: LambdaContext;

  constructor(fn: AnyFunction, event: unknown, context: LambdaContext) {
    super(fn);
    this.#event = event;
    this.#context = context;
  }
  get platform(): string {
    return 'lambda';
  }
  get id(): string {
    return this.#context?.awsRequestId ?? 'local';
  }
  get platformDeadline(): number {
    // Called as a method: the runtime's own function reads `this`.
    const left = this.#context?.getRemainingTimeInMillis?.();
    return left === undefined ? Number.POSITIVE_INFINITY : Date.now() + left;
  }
  get rawEnv(): object {
    return process.env;
  }
  get native(): { readonly event: unknown; readonly context: LambdaContext } {
    return { event: this.#event, context: this.#context };
  }
}
