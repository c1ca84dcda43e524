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

/** Why a response is not what the function returned. */
export interface Fault {
  readonly error: unknown;
  /** Whether status and headers had been sent: the body is incomplete then. Otherwise the response is a 500. */
  readonly isSent: boolean;
}

/** Work for after the response. */
export type Last = (fault: Fault | undefined) => unknown;

/** The state that the contexts of one invocation share. Only contexts access it. */
export class Invocation<Native = unknown> {
  readonly fn: Invoked;
  readonly event: unknown;
  readonly context: Native;
  readonly clock: Clock;
  coldStart: boolean = cold;
  env: object = NO_ENV;
  /** Why the environment could not be read, by the context of an event. */
  declare envFailures?: WeakMap<object, { readonly error: unknown }>;
  // Most invocations use none of these, so they are created on first use.
  declare log?: Logger;
  /** The deadline by the function's `timeout`; once the platform's is known, the earlier of the two. */
  declare deadline?: number;
  /** When the signal aborts. */
  declare abortAt?: number;
  declare controller?: AbortController;
  declare timer?: AbortController;
  /** Rejects when the signal aborts. */
  declare aborted?: Promise<never>;
  declare background?: Promise<void>[];
  declare ended?: boolean;
  /** Work for after the response, by key. */
  declare last?: Map<object, Last> | undefined;
  declare fault?: Fault;
  /** Whether the response is sent, with its stream. */
  declare answered?: boolean;
  /** Work that its events wait for together. */
  declare pending?: Promise<void> | undefined;

  /** @param context - what the platform passes in addition to the event. */
  constructor(fn: Invoked, event: unknown, context: Native, clock: Clock = fn.settings.clock ?? systemClock) {
    this.fn = fn;
    this.event = event;
    this.context = context;
    this.clock = clock;
    cold = false;
    const { timeout } = fn.trigger;
    // The function's own timeout starts here; the platform's deadline can be read at any time.
    if (timeout !== undefined) this.deadline = clock.now() + timeout;
  }

  /** The same invocation for another function, which this one's function stands in front of. */
  of(fn: Invoked): Invocation<Native> {
    const invocation = new Invocation(fn, this.event, this.context, this.clock);
    invocation.coldStart = this.coldStart;
    return invocation;
  }
}
