import type { Wiring } from '../delivery/wiring.js';
import { FunctionError } from '../errors.js';
import type { Kind } from '../function/trigger.js';
import { type Awaitable, isThenable } from '../thenable.js';
import type { Clock } from './clock.js';
import type { Invocation } from './invocation.js';
import { type Logger, type LoggerOf, type LogSink, lineLogger, report } from './logger.js';

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

/**
 * The context of one event: a class per platform, whose getters say what the platform knows, over what the invocation
 * shares. Nothing is made before it is asked for. What layers add are own properties; the rest are getters on the
 * prototype, because a chain of prototypes or a spread of them costs microseconds.
 */
export abstract class InvocationContext<Native = unknown> implements Context {
  readonly #invocation: Invocation<Native>;
  readonly #attempt: number | undefined;
  #log: Logger | undefined;
  /** Of a context that was made from another one of the same event: the first of them. */
  #origin: this | undefined;

  constructor(invocation: Invocation<Native>, attempt?: number) {
    this.#invocation = invocation;
    this.#attempt = attempt;
  }

  /** For core: a context without what layers added, which may have any name. */
  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
  static bare(context: Context<any>): InvocationContext {
    const inside = context as InvocationContext;
    const bare = InvocationContext.prototype.fork.call(inside, inside.#attempt) as InvocationContext;
    bare.#origin = inside.#origin ?? inside;
    return bare;
  }
  /** For packages: what stands for an event, one and the same for every context that layers have made of its first one. */
  static origin(context: object): object {
    return #origin in context ? (context.#origin ?? context) : context;
  }

  abstract get platform(): string;
  abstract get invocationId(): string;
  /** The environment before any check. */
  abstract get rawEnv(): object;
  /** In ms since the epoch; `Infinity` where the platform has none. */
  get platformDeadline(): number {
    return Number.POSITIVE_INFINITY;
  }
  /** For packages: where JSON lines go, those of the default logger and others. */
  get logSink(): LogSink {
    return console;
  }
  /** The platform's own way to go on after the answer, if it has one. */
  extendLife?(work: Promise<unknown>): void;

  get functionName(): string {
    return this.#invocation.fn.name;
  }
  get deliveryAttempt(): number | undefined {
    return this.#attempt;
  }
  get coldStart(): boolean {
    return this.#invocation.coldStart;
  }
  get native(): { readonly event: unknown; readonly context: Native } {
    const { event, context } = this.#invocation;
    return { event, context };
  }
  get env(): object {
    return this.#invocation.env;
  }
  /** For the chain: puts the checked environment where every context of the invocation finds it. */
  setEnv(env: object): void {
    this.#invocation.env = env;
  }
  get log(): Logger {
    const { logger } = this.#invocation.fn.settings;
    // Of a context, and not of what the messages of an invocation share: it may tell of the message.
    if (typeof logger === 'function') return (this.#log ??= made(logger, this));
    return (this.#invocation.log ??= logger ?? this.#lines());
  }
  #lines(): Logger {
    const { functionName, platform, invocationId } = this;
    return lineLogger({ function: functionName, platform, invocationId }, this.logSink);
  }

  get deadline(): number {
    const invocation = this.#invocation;
    if (invocation.abortAt === undefined) {
      const end = Math.min(this.platformDeadline, invocation.deadline ?? Number.POSITIVE_INFINITY);
      invocation.deadline = end;
      invocation.abortAt = end - Math.max(1, Math.min(LONGEST_MARGIN, (end - invocation.clock.now()) / 10));
    }
    return invocation.deadline as number;
  }
  /** For packages: when the signal aborts, in ms since the epoch. */
  get abortAt(): number {
    return this.deadline < Number.POSITIVE_INFINITY ? (this.#invocation.abortAt as number) : this.deadline;
  }
  get remaining(): () => number {
    return () => Math.max(0, this.deadline - this.#invocation.clock.now());
  }
  get signal(): AbortSignal {
    const invocation = this.#invocation;
    if (!invocation.controller) {
      const controller = new AbortController();
      const { clock, ended } = invocation;
      invocation.controller = controller;
      if (this.deadline < Number.POSITIVE_INFINITY && !ended) {
        invocation.timer = new AbortController();
        clock.sleep((invocation.abortAt as number) - clock.now(), invocation.timer.signal).then(
          () => controller.abort(new FunctionError('timeout', `The deadline of '${this.functionName}' is near.`)),
          () => {},
        );
      }
    }
    return invocation.controller.signal;
  }
  get waitUntil(): (work: PromiseLike<unknown>) => void {
    return (work) => {
      const quiet = Promise.resolve(work).then(
        () => {},
        (error) => report(this.log, 'error', 'Background work failed.', { error }),
      );
      if (this.extendLife) this.extendLife(quiet);
      else (this.#invocation.background ??= []).push(quiet);
    };
  }

  /** For packages: what the function waits for. */
  get trigger(): { readonly kind: Kind } {
    return this.#invocation.fn.trigger;
  }
  /** For core: what the function was given where it is deployed. */
  get wiring(): Wiring | undefined {
    return this.#invocation.fn.settings.wiring;
  }
  /** For core: whether a rejected message without a sink is done with. */
  get dropsRejected(): boolean {
    return this.#invocation.fn.trigger.onReject === 'drop';
  }
  /** For core: does what the events of an invocation want alike; while that takes, they wait for the same. */
  once<T>(work: (context: InvocationContext, what: T) => Awaitable<void>, what: T): Awaitable<void> {
    const invocation = this.#invocation;
    if (invocation.pending) return invocation.pending;
    const done = work(this, what);
    if (!isThenable(done)) return undefined;
    invocation.pending = Promise.resolve(done).finally(() => {
      invocation.pending = undefined;
    });
    return invocation.pending;
  }
  /** For packages: the clock of the invocation. */
  get clock(): Clock {
    return this.#invocation.clock;
  }
  /** For core: the time, by the clock of the invocation. */
  now(): number {
    return this.#invocation.clock.now();
  }
  /** For core: whether the margin before the deadline has begun. Asks the clock: a timer is late where a handler never waits. */
  get expired(): boolean {
    const { abortAt } = this;
    return abortAt < Number.POSITIVE_INFINITY && this.now() >= abortAt;
  }
  /** For core: a promise's value, or a rejection when the margin before the deadline begins. */
  inTime<T>(work: PromiseLike<T>): Promise<T> {
    if (this.deadline === Number.POSITIVE_INFINITY) return Promise.resolve(work);
    const invocation = this.#invocation;
    if (!invocation.aborted) {
      const { signal } = this;
      invocation.aborted = new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason);
        else signal.addEventListener('abort', () => reject(signal.reason));
      });
      invocation.aborted.catch(() => {});
    }
    return Promise.race([work, invocation.aborted]);
  }

  /** For adapters: whether {@link end} has anything to do. */
  get open(): boolean {
    return this.#invocation.background !== undefined || this.#invocation.timer !== undefined;
  }
  /** For adapters: ends the invocation. Waits for background work, within the margin, and leaves no timer behind. */
  async end(): Promise<void> {
    const invocation = this.#invocation;
    if (invocation.background) {
      // Work may have more work done: it is appended, and waited for as well. It never fails: only the deadline rejects.
      for (const work of invocation.background) await this.inTime(work).catch(() => {});
      if (this.signal.aborted) report(this.log, 'warn', 'Background work was not done at the deadline.');
    }
    invocation.ended = true;
    invocation.timer?.abort();
  }

  /** For adapters: the context of another event of the same invocation. */
  fork(attempt: number | undefined): this {
    const Class = this.constructor as new (invocation: Invocation<Native>, attempt?: number) => this;
    return new Class(this.#invocation, attempt);
  }
  /** This context and more. A name that the prototype has is shadowed: a timeout narrows `signal` for what is inside. */
  extend(adds: object): this {
    const context = this.fork(this.#attempt);
    context.#origin = this.#origin ?? this;
    for (const from of [this, adds] as Record<string, unknown>[]) {
      for (const key of Object.keys(from)) {
        if (key in InvocationContext.prototype) {
          Object.defineProperty(context, key, { value: from[key], enumerable: true });
        } else (context as Record<string, unknown>)[key] = from[key];
      }
    }
    return context;
  }
}

/** A logger that cannot be made costs no message: what is to be said goes where the default logger's lines go. */
function made(logger: LoggerOf, context: InvocationContext): Logger {
  try {
    return logger(context as unknown as Context);
  } catch (error) {
    const log = lineLogger({ function: context.functionName }, context.logSink);
    log.error('The logger could not be made.', { error });
    return log;
  }
}
