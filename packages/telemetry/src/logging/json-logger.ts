import type { Context, Logger } from '@tradewind/core';
import {
  checkOptions,
  describe,
  InvocationContext,
  type LogSink,
  misconfigured,
  withoutSecrets,
} from '@tradewind/core/adapter';
import { idsOf } from './ids.js';
import type { Fields } from './leveled.js';
import { Redaction } from './redaction.js';
import { freeName, Writer } from './write.js';

/** How much a line matters. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What {@link jsonLogger} is given. */
export interface JsonLoggerOptions {
  /** The least that is written. Default: `'info'`. */
  readonly level?: LogLevel | 'silent';
  /** From 0 to 1: of which share of the requests and messages everything is written, whatever the level is. Default: 0. */
  readonly sampling?: number;
  /**
   * What is not to be read: `password`, `user.email`, `headers.authorization`. `*` is any name, and `**.` before a name finds
   * it at every depth. Names are compared without regard to case. Default: `**.authorization`, `**.proxy-authorization`,
   * `**.cookie`, `**.set-cookie`, `**.password`, `**.secret`, `**.token`, and what your own list adds.
   */
  readonly redact?: readonly string[];
  /** What every line has. */
  readonly fields?: Fields;
}

/** A logger of JSON lines. */
export interface JsonLogger extends Logger {
  /** One whose lines have more fields. This one stays as it is. */
  child(fields: Fields): JsonLogger;
  /** Whether a line of that level would be written, for who would make much to say. */
  isEnabled(level: LogLevel): boolean;
}

const RANKS: Readonly<Record<LogLevel | 'silent', number>> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 };
/** What every line has. */
const OWN: ReadonlySet<string> = new Set([
  ...['level', 'time', 'message', 'function', 'platform', 'invocationId', 'coldStart', 'attempt', 'traceId', 'spanId'],
]);

/**
 * JSON lines that belong together: each has its function, platform and invocation, whether the instance was new, and with
 * `tracing()` the trace and the span. They go where the platform wants them: to the console, or to the invocation's own log on
 * Azure. A line never throws: cycles, BigInt, hostile getters and errors with their causes come out as something.
 *
 * @returns what `defineFunction.logger(...)` takes: a logger for each context.
 * @throws FunctionError `misconfigured` where an option is none.
 * @example
 * ```ts
 * import { defineFunction, queue } from '@tradewind/core';
 * import { jsonLogger } from '@tradewind/telemetry/logging';
 *
 * const fn = defineFunction.logger(jsonLogger({ level: 'info', sampling: 0.01, redact: ['**.iban'] }));
 * export const charge = fn('charge', queue({ queue: 'orders' })).handle(({ id }, { log }) => {
 *   const order = log.child({ orderId: id });
 *   order.info('Charging.');
 * });
 * ```
 */
export function jsonLogger(options: JsonLoggerOptions = {}): (context: Context) => JsonLogger {
  checkOptions('jsonLogger', options, ['level', 'sampling', 'redact', 'fields']);
  const { level = 'info', sampling = 0, redact = [], fields = {} } = options;
  if (!Object.hasOwn(RANKS, level)) {
    const levels = Object.keys(RANKS).join(', ');
    throw misconfigured(`The level of jsonLogger(...) is none of ${levels}, but ${String(level)}.`);
  }
  if (!(typeof sampling === 'number' && sampling >= 0 && sampling <= 1)) {
    const came = typeof sampling === 'number' ? sampling : describe(sampling);
    throw misconfigured(`The sampling of jsonLogger(...) is no number from 0 to 1, but ${came}.`);
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw misconfigured(`The fields of jsonLogger(...) are ${describe(fields)}, and an object is expected.`);
  }
  const writer = new Writer(new Redaction(redact));
  const always = writer.fields(fields, OWN);
  const reserved = withNames(OWN, fields);
  // By event: each layer that adds to the context has a logger of its own, and all lines of an event go together.
  const drawn = new WeakMap<object, boolean>();
  const isSampled = (event: object): boolean => {
    const is = drawn.get(event) ?? Math.random() < sampling;
    drawn.set(event, is);
    return is;
  };
  return (context) => {
    const least = sampling > 0 && isSampled(InvocationContext.origin(context)) ? RANKS.debug : RANKS[level];
    const { logSink = console } = context as { readonly logSink?: LogSink };
    return new Lines(least, logSink, joined(always, JSON.stringify(idsOf(context)).slice(1, -1)), reserved, writer);
  };
}

/** The names that a line has, and those that some fields add to it. */
function withNames(reserved: ReadonlySet<string>, fields: Fields): ReadonlySet<string> {
  return new Set([...reserved, ...Object.keys(fields).map((name) => freeName(name, fields, reserved))]);
}

class Lines implements JsonLogger {
  readonly #least: number;
  readonly #sink: LogSink;
  /** What every line has, as it is written. */
  readonly #fields: string;
  /** The names of it. */
  readonly #reserved: ReadonlySet<string>;
  readonly #writer: Writer;

  constructor(least: number, sink: LogSink, fields: string, reserved: ReadonlySet<string>, writer: Writer) {
    this.#least = least;
    this.#sink = sink;
    this.#fields = fields;
    this.#reserved = reserved;
    this.#writer = writer;
  }

  // Destructured, they are still this logger's.
  readonly debug = (message: string, fields?: Fields): void => this.#write('debug', message, fields);
  readonly info = (message: string, fields?: Fields): void => this.#write('info', message, fields);
  readonly warn = (message: string, fields?: Fields): void => this.#write('warn', message, fields);
  readonly error = (message: string, fields?: Fields): void => this.#write('error', message, fields);
  readonly child = (fields: Fields): JsonLogger => {
    // What is no object has no fields, and a proxy may throw.
    const own = this.#writer.copied(fields);
    const all = joined(this.#fields, this.#writer.fields(own, this.#reserved));
    return new Lines(this.#least, this.#sink, all, withNames(this.#reserved, own), this.#writer);
  };

  isEnabled(level: LogLevel): boolean {
    return RANKS[level] >= this.#least;
  }

  #write(level: LogLevel, message: string, fields: Fields | undefined): void {
    if (RANKS[level] < this.#least) return;
    const own = fields ? joined(this.#fields, this.#writer.fields(fields, this.#reserved)) : this.#fields;
    const text = JSON.stringify(this.#writer.text(message));
    const head = `{"level":"${level}","time":"${now()}","message":${text}`;
    this.#sink[level](withoutSecrets(`${joined(head, own)}}`));
  }
}

function joined(before: string, after: string): string {
  return before && after ? `${before},${after}` : before || after;
}

let lastMs = 0;
let lastText = '';

/** Many lines are of one millisecond, and a date takes as long to write as the rest of a line. */
function now(): string {
  const ms = Date.now();
  if (ms !== lastMs || lastText === '') {
    lastMs = ms;
    lastText = new Date(ms).toISOString();
  }
  return lastText;
}
