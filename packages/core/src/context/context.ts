import { FunctionError } from '../errors.js';
import { isThenable } from '../thenable.js';
import { type Clock, systemClock } from './clock.js';
import { NO_ENV } from './env.js';
import { consoleLogger, type Logger } from './logger.js';

/** What a handler and its layers know of the invocation that they run in. Everything can be destructured. */
// biome-ignore lint/complexity/noBannedTypes: without .env(...) no variable can be read
export interface Context<Env = {}> {
  readonly functionName: string;
  /** The adapter's name: `'lambda'`, `'cloudflare'`, ... or `'test'`. */
  readonly platform: string;
  /** The platform's own id of this invocation. The messages of one batch share it. */
  readonly invocationId: string;
  /** Which delivery of this event it is, counted from 1; undefined where the platform does not say. */
  readonly deliveryAttempt: number | undefined;
  /** When the platform ends the invocation, in ms since the epoch; `Infinity` where it sets no end. */
  readonly deadline: number;
  /** The ms left until the deadline, never below 0. */
  readonly remaining: () => number;
  /** Aborts a margin before the deadline: 500 ms, or a tenth of the time there was, if that is less. */
  readonly signal: AbortSignal;
  /**
   * Keeps the invocation alive for work that the answer does not wait for. Where the platform has no such thing, the
   * answer does wait, until the signal aborts at the latest. A failure is logged and changes nothing.
   */
  readonly waitUntil: (work: PromiseLike<unknown>) => void;
  /** The environment as `.env(schema)` made it. */
  readonly env: Env;
  readonly log: Logger;
  /** Whether this is the first invocation of the instance. */
  readonly coldStart: boolean;
  /** The platform's own event and context: not portable. */
  readonly native: unknown;
}

/** What an adapter knows of an invocation. What costs something is a getter. */
export interface Invocation {
  readonly platform: string;
  readonly id: string;
  /** In ms since the epoch; `Infinity` where the platform has none. */
  readonly deadline: number;
  /** The environment before any check. */
  readonly env: object;
  readonly native: unknown;
  /** The platform's own, if it has one. */
  waitUntil?(work: Promise<unknown>): void;
}

const LONGEST_MARGIN = 500;
let cold = true;

/** What the contexts of one invocation share. Nothing of it is made before it is asked for. */
export class ContextState {
  readonly functionName: string;
  readonly invocation: Invocation;
  readonly clock: Clock;
  readonly coldStart: boolean;
  env: object = NO_ENV;
  #log: Logger | undefined;
  #deadline: number | undefined;
  readonly #timeout: number | undefined;
  #margin = 0;
  #controller: AbortController | undefined;
  #timer: AbortController | undefined;
  #background: Promise<void>[] | undefined;
  #ended = false;

  constructor(
    fn: { readonly name: string; readonly trigger: { readonly timeout?: number | undefined }; readonly settings: { readonly logger: Logger | undefined } },
    invocation: Invocation,
    clock: Clock = systemClock,
  ) {
    this.functionName = fn.name;
    this.invocation = invocation;
    this.clock = clock;
    this.coldStart = cold;
    cold = false;
    this.#log = fn.settings.logger;
    this.#timeout = fn.trigger.timeout;
    // A platform's deadline can be asked for at any time; a timeout of our own counts from here.
    if (this.#timeout !== undefined) this.#setDeadline();
  }

  get log(): Logger {
    this.#log ??= consoleLogger({
      function: this.functionName,
      platform: this.invocation.platform,
      invocationId: this.invocation.id,
    });
    return this.#log;
  }

  get deadline(): number {
    return this.#deadline ?? this.#setDeadline();
  }

  #setDeadline(): number {
    const now = this.clock.now();
    const deadline = Math.min(this.invocation.deadline, now + (this.#timeout ?? Number.POSITIVE_INFINITY));
    this.#deadline = deadline;
    this.#margin = Math.min(LONGEST_MARGIN, Math.max(0, deadline - now) / 10);
    return deadline;
  }

  remaining(): number {
    return Math.max(0, this.deadline - this.clock.now());
  }

  get signal(): AbortSignal {
    if (this.#controller) return this.#controller.signal;
    const controller = new AbortController();
    this.#controller = controller;
    const { deadline } = this;
    if (deadline !== Number.POSITIVE_INFINITY && !this.#ended) {
      const timer = new AbortController();
      this.#timer = timer;
      this.clock.sleep(Math.max(0, deadline - this.#margin - this.clock.now()), timer.signal).then(
        () => controller.abort(new FunctionError('timeout', `The deadline of '${this.functionName}' is near.`)),
        () => {},
      );
    }
    return controller.signal;
  }

  waitUntil(work: PromiseLike<unknown>): void {
    if (!isThenable(work)) return;
    const quiet = Promise.resolve(work).then(
      () => {},
      (error: unknown) => this.log.error('Background work failed.', { error }),
    );
    if (this.invocation.waitUntil) this.invocation.waitUntil(quiet);
    else if (this.#background) this.#background.push(quiet);
    else this.#background = [quiet];
  }

  /** Whether {@link end} has anything to do. */
  get open(): boolean {
    return this.#background !== undefined || this.#timer !== undefined;
  }

  /** Ends the invocation: waits for background work, within the margin, and leaves no timer behind. */
  async end(): Promise<void> {
    while (this.#background) {
      const work = this.#background;
      this.#background = undefined;
      await Promise.race([Promise.all(work), aborted(this.signal)]);
      if (this.signal.aborted) {
        this.log.warn('Background work was not done at the deadline.', { pending: work.length });
        break;
      }
    }
    this.#ended = true;
    this.#timer?.abort();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/**
 * The context of one event. What layers add are its own properties; the rest are getters on one prototype, over the
 * state that the invocation shares, because a chain of prototypes or a spread of them costs microseconds.
 */
export class InvocationContext implements Context {
  readonly #state: ContextState;
  readonly #attempt: number | undefined;

  constructor(state: ContextState, attempt?: number) {
    this.#state = state;
    this.#attempt = attempt;
  }

  /** For adapters and packages: what the invocation shares. */
  get state(): ContextState {
    return this.#state;
  }
  get functionName(): string {
    return this.#state.functionName;
  }
  get platform(): string {
    return this.#state.invocation.platform;
  }
  get invocationId(): string {
    return this.#state.invocation.id;
  }
  get deliveryAttempt(): number | undefined {
    return this.#attempt;
  }
  get deadline(): number {
    return this.#state.deadline;
  }
  get remaining(): () => number {
    return () => this.#state.remaining();
  }
  get signal(): AbortSignal {
    return this.#state.signal;
  }
  get waitUntil(): (work: PromiseLike<unknown>) => void {
    return (work) => this.#state.waitUntil(work);
  }
  get env(): object {
    return this.#state.env;
  }
  get log(): Logger {
    return this.#state.log;
  }
  get coldStart(): boolean {
    return this.#state.coldStart;
  }
  get native(): unknown {
    return this.#state.invocation.native;
  }

  /** This context and more. A name that the prototype has is shadowed: a timeout narrows `signal` for what is inside. */
  extend(adds: object): InvocationContext {
    const context = new InvocationContext(this.#state, this.#attempt);
    for (const from of [this, adds]) {
      for (const key of Object.keys(from)) {
        const value = (from as Record<string, unknown>)[key];
        if (key in InvocationContext.prototype) Object.defineProperty(context, key, { value, enumerable: true });
        else (context as unknown as Record<string, unknown>)[key] = value;
      }
    }
    return context;
  }
}
