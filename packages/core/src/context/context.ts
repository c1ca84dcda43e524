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

const LONGEST_MARGIN = 500;
let cold = true;

/** What an invocation needs to know of its function. */
interface Invoked {
  readonly name: string;
  readonly trigger: { readonly timeout?: number | undefined };
  readonly settings: { readonly logger: Logger | undefined };
}

/**
 * What the contexts of one invocation share: a class per platform says what the platform knows, by getters where it
 * costs something. Nothing is made before it is asked for.
 */
export abstract class Invocation {
  readonly fn: Invoked;
  readonly clock: Clock;
  readonly coldStart: boolean = cold;
  /** The environment as it was checked. */
  env: object = NO_ENV;
  #log: Logger | undefined;
  #deadline: number | undefined;
  #margin = 0;
  #controller: AbortController | undefined;
  #timer: AbortController | undefined;
  #background: Promise<void>[] | undefined;
  #ended = false;

  abstract readonly platform: string;
  abstract readonly id: string;
  /** In ms since the epoch; `Infinity` where the platform has none. */
  abstract readonly platformDeadline: number;
  /** The environment before any check. */
  abstract readonly rawEnv: object;
  abstract readonly native: unknown;
  /** The platform's own way to go on after the answer, if it has one. */
  protected extendLife?(work: Promise<unknown>): void;

  constructor(fn: Invoked, clock: Clock = systemClock) {
    this.fn = fn;
    this.clock = clock;
    cold = false;
    // A timeout of our own counts from here; a platform's deadline can be asked for at any time.
    if (fn.trigger.timeout !== undefined) this.#deadline = clock.now() + fn.trigger.timeout;
  }

  get log(): Logger {
    this.#log ??=
      this.fn.settings.logger ??
      consoleLogger({ function: this.fn.name, platform: this.platform, invocationId: this.id });
    return this.#log;
  }

  get deadline(): number {
    if (this.#margin === 0) {
      this.#deadline = Math.min(this.platformDeadline, this.#deadline ?? Number.POSITIVE_INFINITY);
      this.#margin = Math.max(1, Math.min(LONGEST_MARGIN, (this.#deadline - this.clock.now()) / 10));
    }
    return this.#deadline as number;
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
        () => controller.abort(new FunctionError('timeout', `The deadline of '${this.fn.name}' is near.`)),
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
    if (this.extendLife) this.extendLife(quiet);
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
 * The context of one event. What layers add are its own properties; the rest are getters on one prototype, over what
 * the invocation shares, because a chain of prototypes or a spread of them costs microseconds.
 */
export class InvocationContext implements Context {
  readonly #invocation: Invocation;
  readonly #attempt: number | undefined;

  constructor(invocation: Invocation, attempt?: number) {
    this.#invocation = invocation;
    this.#attempt = attempt;
  }

  /** For adapters and packages: what the invocation shares. */
  get invocation(): Invocation {
    return this.#invocation;
  }
  get functionName(): string {
    return this.#invocation.fn.name;
  }
  get platform(): string {
    return this.#invocation.platform;
  }
  get invocationId(): string {
    return this.#invocation.id;
  }
  get deliveryAttempt(): number | undefined {
    return this.#attempt;
  }
  get deadline(): number {
    return this.#invocation.deadline;
  }
  get remaining(): () => number {
    return () => this.#invocation.remaining();
  }
  get signal(): AbortSignal {
    return this.#invocation.signal;
  }
  get waitUntil(): (work: PromiseLike<unknown>) => void {
    return (work) => this.#invocation.waitUntil(work);
  }
  get env(): object {
    return this.#invocation.env;
  }
  get log(): Logger {
    return this.#invocation.log;
  }
  get coldStart(): boolean {
    return this.#invocation.coldStart;
  }
  get native(): unknown {
    return this.#invocation.native;
  }

  /** This context and more. A name that the prototype has is shadowed: a timeout narrows `signal` for what is inside. */
  extend(adds: object): InvocationContext {
    const context = new InvocationContext(this.#invocation, this.#attempt);
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
