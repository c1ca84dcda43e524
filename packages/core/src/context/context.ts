import type { Wiring } from '../delivery/wiring.js';
import { FunctionError } from '../errors.js';
import type { Kind } from '../function/trigger.js';
import { type Awaitable, isThenable } from '../thenable.js';
import type { Clock } from './clock.js';
import type { Invocation, Invoked, Last } from './invocation.js';
import { type Logger, type LoggerOf, type LogSink, lineLogger, report } from './logger.js';

/** What a handler and its layers know about their invocation. Every member can be destructured. */
// biome-ignore lint/complexity/noBannedTypes: without .env(...) no variable can be read
export interface Context<Env = {}> {
  readonly functionName: string;
  /** The adapter's name: `'lambda'`, `'cloudflare'`, ... or `'test'`. */
  readonly platform: string;
  /** The platform's id of this invocation. The messages of a batch share it. */
  readonly invocationId: string;
  /** Which delivery of this event this is, counted from 1; undefined if the platform does not say. */
  readonly deliveryAttempt: number | undefined;
  /** When the invocation ends, in ms since the epoch; `Infinity` if there is no limit. */
  readonly deadline: number;
  /** The time left until the deadline, in ms, never below 0. */
  readonly remaining: () => number;
  /**
   * Aborts shortly before the deadline: 500 ms, or a tenth of the available time if that is less. Also when the client of
   * a request leaves, if the platform tells.
   */
  readonly signal: AbortSignal;
  /**
   * Keeps the invocation alive for work that the response does not wait for. If the platform does not support this, the
   * response does wait, until the signal aborts at the latest. A failure of the work is logged and changes nothing.
   */
  readonly waitUntil: (work: PromiseLike<unknown>) => void;
  /** The environment, as validated by `.env(schema)`. */
  readonly env: Env;
  readonly log: Logger;
  /** Whether this is the first invocation of the instance. */
  readonly coldStart: boolean;
  /** The platform's event and context: not portable. */
  readonly native: unknown;
}

const LONGEST_MARGIN = 500;

/**
 * The context of one event. Each platform has a subclass whose getters return what the platform knows. Everything is
 * created on first use. What layers add are own properties; the rest are getters on the prototype, because a chain of
 * prototypes or a spread would cost microseconds.
 */
export abstract class InvocationContext<Native = unknown> implements Context {
  readonly #invocation: Invocation<Native>;
  readonly #attempt: number | undefined;
  #log: Logger | undefined;
  /** The first context of the same event, if this context was created from another one. */
  #origin: this | undefined;
  /** Set by core if `signal` must not abort when a client leaves: a message that is being sent would be lost. */
  declare isDetached?: boolean;

  constructor(invocation: Invocation<Native>, attempt?: number) {
    this.#invocation = invocation;
    this.#attempt = attempt;
  }

  /** For core: the context without what layers added, which may have shadowed any member. */
  // biome-ignore lint/suspicious/noExplicitAny: any environment will do
  static bare(context: Context<any>): InvocationContext {
    const inside = context as InvocationContext;
    const bare = InvocationContext.prototype.fork.call(inside, inside.#attempt) as InvocationContext;
    bare.#origin = inside.#origin ?? inside;
    return bare;
  }
  /** For packages: a key for the event, the same for every context that layers have created from its first one. */
  static origin(context: object): object {
    return #origin in context ? (context.#origin ?? context) : context;
  }

  abstract get platform(): string;
  abstract get invocationId(): string;
  /** The environment, not validated. */
  abstract get rawEnv(): object;
  /** In ms since the epoch; `Infinity` if the platform has none. */
  get platformDeadline(): number {
    return Number.POSITIVE_INFINITY;
  }
  /** For packages: receives JSON lines, those of the default logger and others. */
  get logSink(): LogSink {
    return console;
  }
  /** The platform's way to continue after the response, if it has one. */
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
    const { env, envFailures } = this.#invocation;
    const failure = envFailures?.get(this.#origin ?? this);
    if (failure) throw failure.error;
    return env;
  }
  /** For the chain: stores the validated environment for every context of the invocation. */
  setEnv(env: object): void {
    this.#invocation.env = env;
  }
  /** For the chain: makes `env` throw, because the environment could not be read or is invalid. */
  failEnv(error: unknown): void {
    // Of this event only: for other messages of the invocation it may have been read.
    const invocation = this.#invocation;
    (invocation.envFailures ??= new WeakMap()).set(this.#origin ?? this, { error });
  }
  get log(): Logger {
    const { logger } = this.#invocation.fn.settings;
    // One logger per context, not per invocation: it may log what belongs to one message.
    if (typeof logger === 'function') return (this.#log ??= this.#made(logger));
    return (this.#invocation.log ??= logger ?? this.#lines());
  }
  /** A logger that cannot be created must not fail the message: the default logger is used instead. */
  #made(logger: LoggerOf): Logger {
    try {
      return logger(this as unknown as Context);
    } catch (error) {
      const log = this.#lines();
      log.error('The logger could not be created.', { error });
      return log;
    }
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
    return this.#late();
  }
  /** Aborts shortly before the deadline, and for no other reason. */
  #late(): AbortSignal {
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
      const invocation = this.#invocation;
      if (this.extendLife) this.extendLife(quiet);
      // A platform that can go on after the response keeps the list only for those who want to know.
      if (!this.extendLife || invocation.last) (invocation.background ??= []).push(quiet);
    };
  }

  /** For packages: the function's trigger. */
  get trigger(): { readonly kind: Kind } {
    return this.#invocation.fn.trigger;
  }
  /** For core: what `on(...)` passed to the function. */
  get wiring(): Wiring | undefined {
    return this.#invocation.fn.settings.wiring;
  }
  /** For core: whether a rejected message is dropped if there is no sink. */
  get dropsRejected(): boolean {
    return this.#invocation.fn.trigger.onReject === 'drop';
  }
  /** For core: does work that all events of an invocation need. While it is pending, they share its promise. */
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
  /** For core: whether the margin before the deadline has begun. Reads the clock, as a busy handler delays timers. */
  get expired(): boolean {
    const { abortAt } = this;
    return abortAt < Number.POSITIVE_INFINITY && this.now() >= abortAt;
  }
  /** For core: waits for a promise, and rejects when the margin before the deadline begins. */
  inTime<T>(work: PromiseLike<T>): Promise<T> {
    if (this.deadline === Number.POSITIVE_INFINITY) return Promise.resolve(work);
    const invocation = this.#invocation;
    if (!invocation.aborted) {
      const signal = this.#late();
      invocation.aborted = new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason);
        else signal.addEventListener('abort', () => reject(signal.reason));
      });
      invocation.aborted.catch(() => {});
    }
    return Promise.race([work, invocation.aborted]);
  }

  /**
   * For packages: runs work after the last event of the invocation, when the response is ready to be sent or its stream has ended,
   * also if that is at the deadline. Work runs once per key, what was registered last first, or at once if it comes too late. It
   * must not throw, and must limit its own time, because the response waits for it unless the platform can go on after it.
   */
  atEnd(key: object, work: Last): void {
    const invocation = this.#invocation;
    if (invocation.answered) {
      const done = Promise.resolve(work(invocation.fault));
      this.extendLife?.(done);
    } else (invocation.last ??= new Map()).set(key, work);
  }
  /** For packages: settles with the background work so far, if the response does not wait for that. */
  background(): Promise<unknown> {
    return Promise.all(this.#invocation.background ?? []);
  }
  /** For adapters: whether {@link end} has anything to do. */
  get open(): boolean {
    const { background, timer, last } = this.#invocation;
    return background !== undefined || timer !== undefined || last !== undefined;
  }
  /** For adapters: whether there is work for after the response, so that a stream must be followed to its end. */
  get isWatched(): boolean {
    return this.#invocation.last !== undefined;
  }
  /**
   * For adapters: ends the invocation. Waits for background work until the margin begins, and clears the timer.
   *
   * @param isStreaming - {@link answered} is called when the stream has ended.
   */
  async end(isStreaming = false): Promise<void> {
    const invocation = this.#invocation;
    if (invocation.background && !this.extendLife) {
      // Work may add more work, which is awaited as well. Work never rejects: only the deadline does.
      for (const work of invocation.background) await this.inTime(work).catch(() => {});
      if (this.#late().aborted) report(this.log, 'warn', 'Background work had not finished at the deadline.');
    }
    invocation.ended = true;
    invocation.timer?.abort();
    if (!isStreaming) await this.answered();
  }
  /** For adapters: stores why the response is not what the function returned. The first reason counts. */
  keepFault(error: unknown, isSent = false): void {
    this.#invocation.fault ??= { error, isSent };
  }
  /** For adapters: runs the work for after the response, and waits for it unless the platform can go on after the response. */
  async answered(): Promise<void> {
    const invocation = this.#invocation;
    const { last, fault } = invocation;
    invocation.answered = true;
    if (!last) return;
    invocation.last = undefined;
    const done = Promise.all([...last.values()].reverse().map((work) => work(fault)));
    if (this.extendLife) this.extendLife(done);
    else await done;
  }

  /** For adapters: the context of another event of the same invocation. */
  fork(attempt: number | undefined): this {
    const Class = this.constructor as new (invocation: Invocation<Native>, attempt?: number) => this;
    return new Class(this.#invocation, attempt);
  }
  /** For adapters: the context of the same invocation for another function, which this context's function stands in front of. */
  of(fn: Invoked): this {
    const Class = this.constructor as new (invocation: Invocation<Native>) => this;
    return new Class(this.#invocation.of(fn));
  }
  /**
   * A copy with more members. It may shadow members of the prototype: a timeout replaces `signal` for what is inside.
   */
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
