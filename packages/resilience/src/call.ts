import { type Clock, type Logger, systemClock } from '@tradewind/core';

/** Where a call is made: a function's context is one. */
export interface CallContext {
  readonly signal?: AbortSignal;
  /** In ms since the epoch. Default: none. */
  readonly deadline?: number;
  /** Default: the real time. A test's context has the one that the test gave. */
  readonly clock?: Clock;
}

/** What more a function's context has. */
interface InvocationLike extends CallContext {
  /** When the signal will abort: the end of the time there is, which the deadline is only for the platform. */
  readonly abortAt?: number;
  readonly functionName?: string;
  readonly invocationId?: string;
  readonly platform?: string;
  readonly log?: Logger;
  readonly waitUntil?: (work: PromiseLike<unknown>) => void;
}

/** One attempt at an operation, as the operation and the policies see it. */
export class Call {
  /** Which attempt of the innermost retry it is, counted from 1. */
  readonly attempt: number;
  readonly #within: InvocationLike | AbortSignal | undefined;
  readonly #outer: Call | undefined;
  /** When it ends by itself, in ms since the epoch; undefined where it is its outer call's in all but the number. */
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

  /** In ms since the epoch: when the signal aborts; `Infinity` where nothing ends the call. */
  get deadline(): number {
    const outer = this.#outer ? this.#outer.deadline : this.#deadlineOutside();
    return this.#end === undefined ? outer : Math.min(this.#end, outer);
  }
  /** The ms that are left, never below 0. */
  get remaining(): () => number {
    return () => Math.max(0, this.deadline - this.clock.now());
  }
  /** Aborts when nobody waits for the attempt any more. Made when it is read. */
  get signal(): AbortSignal {
    // One that never aborts is not kept: what listens to it would be kept as well.
    return this.#given() ?? new AbortController().signal;
  }

  /** For policies: where the call is made. */
  get context(): InvocationLike {
    const within = this.#within;
    return within === undefined || within instanceof AbortSignal ? NOWHERE : within;
  }
  /** For policies: the time. */
  get clock(): Clock {
    return this.context.clock ?? systemClock;
  }
  /** For policies: whether the signal and the deadline are other ones than where the call is made. */
  get isNarrowed(): boolean {
    return this.#end !== undefined || (this.#outer?.isNarrowed ?? false);
  }
  /** For policies: whether nobody waits any more, as far as is known without making a signal. */
  get isCancelled(): boolean {
    if (this.#ended) return true;
    if (this.#outer) return this.#outer.isCancelled;
    return this.givenSignal?.aborted === true;
  }
  /** For policies: whether it is made in no other call. */
  get isOutermost(): boolean {
    return this.#outer === undefined;
  }
  /** For policies: the signal that the caller gave; an invocation's is not made for this. */
  get givenSignal(): AbortSignal | undefined {
    const within = this.#within;
    if (within instanceof AbortSignal) return within;
    return within !== undefined && Object.hasOwn(within, 'signal') ? within.signal : undefined;
  }
  /** For policies: whether the caller has a deadline, and no signal that aborts then. */
  get isUnguarded(): boolean {
    const within = this.#within;
    if (within === undefined || within instanceof AbortSignal || 'signal' in within) return false;
    return this.deadline < Number.POSITIVE_INFINITY;
  }
  /** For policies: whether the operation may be made again after an error, or beside itself, for all that is known of it. */
  mayRepeat(error: unknown): boolean {
    return this.#outer ? this.#outer.mayRepeat(error) : (this.#mayRepeat?.(error) ?? true);
  }
  /** For policies: says so of all that is called in it. */
  repeating(mayRepeat: (error: unknown) => boolean): this {
    this.#mayRepeat = mayRepeat;
    return this;
  }
  /** For policies: the same call, at another attempt. */
  at(attempt: number): Call {
    return attempt === this.attempt ? this : new Call(this.#within, this, attempt);
  }
  /** For policies: a call in this one that ends sooner, or by {@link end}. */
  until(end: number): Call {
    return new Call(this.#within, this, this.attempt, end);
  }
  /** For policies: ends a call that {@link until} made. */
  end(reason: unknown): void {
    this.#ended ??= { reason };
    this.#controller?.abort(reason);
  }

  /** The signal, where there is one that may abort. */
  #given(): AbortSignal | undefined {
    if (this.#signal) return this.#signal;
    const outer = this.#outer ? this.#outer.#given() : this.#fromOutside();
    if (this.#end === undefined) return outer;
    this.#controller = new AbortController();
    if (this.#ended) this.#controller.abort(this.#ended.reason);
    this.#signal = outer ? AbortSignal.any([outer, this.#controller.signal]) : this.#controller.signal;
    return this.#signal;
  }
  #deadlineOutside(): number {
    const { abortAt, deadline = Number.POSITIVE_INFINITY } = this.context;
    const end = abortAt ?? deadline;
    // From a variable that is not there: no end at all.
    return Number.isNaN(end) ? Number.POSITIVE_INFINITY : end;
  }
  #fromOutside(): AbortSignal | undefined {
    return this.#within instanceof AbortSignal ? this.#within : this.#within?.signal;
  }
}

const NOWHERE: InvocationLike = {};

/** A call that is made nowhere in particular, and so is the same as every other one. */
export const PLAIN_CALL: Call = new Call(undefined);
