import { type Clock, type Logger, systemClock } from '@tradewind/core';

/** The context that a call is made in, such as a function's context. */
export interface CallContext {
  readonly signal?: AbortSignal;
  /** In ms since the epoch. Default: none. */
  readonly deadline?: number;
  /** Default: the real time. In a test, the context has the test's clock. */
  readonly clock?: Clock;
}

/** Further members that a function's context has. */
interface InvocationLike extends CallContext {
  /** When the signal will abort, which is the end of the available time. The platform's deadline is later. */
  readonly abortAt?: number;
  readonly functionName?: string;
  readonly invocationId?: string;
  readonly platform?: string;
  readonly log?: Logger;
  readonly waitUntil?: (work: PromiseLike<unknown>) => void;
}

/** One attempt at an operation, as operations and policies see it. */
export class Call {
  /** The number of this attempt in the innermost retry, counted from 1. */
  readonly attempt: number;
  readonly #within: InvocationLike | AbortSignal | undefined;
  readonly #outer: Call | undefined;
  /** In ms since the epoch: its own end; undefined if only the attempt's number differs from the outer call. */
  readonly #end: number | undefined;
  #controller: AbortController | undefined;
  #signal: AbortSignal | undefined;
  #ended: { readonly reason: unknown } | undefined;
  #mayRepeat: ((error: unknown) => boolean) | undefined;

  constructor(within: CallContext | AbortSignal | undefined, outer?: Call, attempt = 1, end?: number) {
    this.#within = within;
    this.#outer = outer;
    this.attempt = attempt;
    this.#end = end;
  }

  /** In ms since the epoch: when the signal aborts; `Infinity` if nothing ends the call. */
  get deadline(): number {
    const outer = this.#outer ? this.#outer.deadline : this.#deadlineOutside();
    return this.#end === undefined ? outer : Math.min(this.#end, outer);
  }
  /** The ms that are left; never below 0. */
  get remaining(): () => number {
    return () => Math.max(0, this.deadline - this.clock.now());
  }
  /** Aborts when nobody waits for the attempt any more. Created when it is first read. */
  get signal(): AbortSignal {
    // A signal that never aborts is not kept, because its listeners would be kept too.
    return this.abortable ?? new AbortController().signal;
  }

  /** For policies: the signal, if there is one that may abort. */
  get abortable(): AbortSignal | undefined {
    if (this.#signal) return this.#signal;
    const outer = this.#outer ? this.#outer.abortable : this.#fromOutside();
    if (this.#end === undefined) return outer;
    this.#controller = new AbortController();
    if (this.#ended) this.#controller.abort(this.#ended.reason);
    this.#signal = outer ? AbortSignal.any([outer, this.#controller.signal]) : this.#controller.signal;
    return this.#signal;
  }
  /** For policies: the context that the call is made in. */
  get context(): InvocationLike {
    const within = this.#within;
    return within === undefined || within instanceof AbortSignal ? NOWHERE : within;
  }
  /** For policies: the clock. */
  get clock(): Clock {
    return this.context.clock ?? systemClock;
  }
  /** For policies: whether the signal and the deadline differ from the context's. */
  get isNarrowed(): boolean {
    return this.#end !== undefined || (this.#outer?.isNarrowed ?? false);
  }
  /** For policies: whether nobody waits any more, as far as is known without creating a signal. */
  get isCancelled(): boolean {
    if (this.#ended) return true;
    if (this.#outer) return this.#outer.isCancelled;
    return this.givenSignal?.aborted === true;
  }
  /** For policies: whether this call is not inside another one. */
  get isOutermost(): boolean {
    return this.#outer === undefined;
  }
  /** For policies: the caller's signal. It does not create an invocation's signal. */
  get givenSignal(): AbortSignal | undefined {
    const within = this.#within;
    if (within instanceof AbortSignal) return within;
    return within !== undefined && Object.hasOwn(within, 'signal') ? within.signal : undefined;
  }
  /** For policies: whether the caller has a deadline but no signal that aborts then. */
  get isUnguarded(): boolean {
    const within = this.#within;
    if (within === undefined || within instanceof AbortSignal || 'signal' in within) return false;
    return this.deadline < Number.POSITIVE_INFINITY;
  }
  /** For policies: whether the operation may run again after an error, or a second time in parallel. */
  mayRepeat(error: unknown): boolean {
    return this.#outer ? this.#outer.mayRepeat(error) : (this.#mayRepeat?.(error) ?? true);
  }
  /** For policies: sets that rule for all calls inside this one. */
  repeating(mayRepeat: (error: unknown) => boolean): this {
    this.#mayRepeat = mayRepeat;
    return this;
  }
  /** For policies: the same call with another attempt number. */
  at(attempt: number): Call {
    return attempt === this.attempt ? this : new Call(this.#within, this, attempt);
  }
  /** For policies: a call inside this one that ends earlier, or with {@link end}. */
  until(end: number): Call {
    return new Call(this.#within, this, this.attempt, end);
  }
  /** For policies: ends a call that {@link until} made. */
  end(reason: unknown): void {
    this.#ended ??= { reason };
    this.#controller?.abort(reason);
  }

  #deadlineOutside(): number {
    const { abortAt, deadline = Number.POSITIVE_INFINITY } = this.context;
    const end = abortAt ?? deadline;
    // NaN can come from a missing variable; it means no deadline.
    return Number.isNaN(end) ? Number.POSITIVE_INFINITY : end;
  }
  #fromOutside(): AbortSignal | undefined {
    return this.#within instanceof AbortSignal ? this.#within : this.#within?.signal;
  }
}

const NOWHERE: InvocationLike = {};

/** A call without a context: all such calls are alike. */
export const PLAIN_CALL: Call = new Call(undefined);
