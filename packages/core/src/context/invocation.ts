import type { Wiring } from '../delivery/wiring.js';
import type { Kind } from '../function/trigger.js';
import { type Clock, systemClock } from './clock.js';
import { NO_ENV } from './env.js';
import type { Logger, LoggerOf } from './logger.js';

let cold = true;

/** What an invocation needs to know of its function. */
export interface Invoked {
  readonly name: string;
  readonly trigger: {
    readonly kind: Kind;
    readonly timeout?: number | undefined;
    readonly onReject?: 'fail' | 'drop' | undefined;
  };
  readonly settings: {
    readonly logger: Logger | LoggerOf | undefined;
    readonly wiring?: Wiring | undefined;
    readonly clock?: Clock | undefined;
  };
}

/** What the contexts of one invocation share. Only the contexts look inside. */
export class Invocation<Native = unknown> {
  readonly fn: Invoked;
  readonly event: unknown;
  readonly context: Native;
  readonly clock: Clock;
  coldStart: boolean = cold;
  env: object = NO_ENV;
  declare envFailure?: { readonly error: unknown } | undefined;
  // Most invocations ask for none of these, so they are not there before.
  declare log?: Logger;
  /** The function's own end, until the platform's has been looked at; then the sooner of the two. */
  declare deadline?: number;
  /** When the signal aborts. */
  declare abortAt?: number;
  declare controller?: AbortController;
  declare timer?: AbortController;
  /** Rejects when the signal aborts. */
  declare aborted?: Promise<never>;
  declare background?: Promise<void>[];
  /** What is to be done once the invocation has ended, by whom it is for. */
  declare last?: Map<object, () => unknown> | undefined;
  /** Why the response could not be sent as the function made it. */
  declare unsent?: { readonly error: unknown };
  declare ended?: boolean;
  /** What its events wait for together. */
  declare pending?: Promise<void> | undefined;

  /** @param context - what the platform hands over beside the event. */
  constructor(fn: Invoked, event: unknown, context: Native, clock: Clock = fn.settings.clock ?? systemClock) {
    this.fn = fn;
    this.event = event;
    this.context = context;
    this.clock = clock;
    cold = false;
    const { timeout } = fn.trigger;
    // A timeout of our own counts from here; a platform's deadline can be asked for at any time.
    if (timeout !== undefined) this.deadline = clock.now() + timeout;
  }

  /** The same invocation, of a function that another one has answered for. */
  of(fn: Invoked): Invocation<Native> {
    const invocation = new Invocation(fn, this.event, this.context, this.clock);
    invocation.coldStart = this.coldStart;
    return invocation;
  }
}
