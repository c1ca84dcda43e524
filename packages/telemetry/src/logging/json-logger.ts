import type { Context, Logger } from '@tradewind/core';
import { checkOptions, describe, type LogSink, misconfigured, withoutSecrets } from '@tradewind/core/adapter';
import { type Ids, idsOf, unrepeated } from './ids.js';
import type { Fields } from './leveled.js';
import { onOneLine } from './one-line.js';
import { perEvent } from './per-event.js';
import { Redaction } from './redaction.js';
import { freeName, Writer } from './write.js';

/** The level of a log line. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Options of {@link jsonLogger}. */
export interface JsonLoggerOptions {
  /** The lowest level that is written. Default: `'info'`. */
  readonly level?: LogLevel | 'silent';
  /** From 0 to 1: the share of requests and messages that log at every level, whatever `level` is. Default: 0. */
  readonly sampling?: number;
  /**
   * Paths to redact: `password`, `user.email`, `headers.authorization`. `*` matches any name, and `**.` before a name
   * matches it at every depth. Case is ignored. Your list is added to the credentials that are always redacted:
   * `authorization`, `cookie`, `password`, `secret`, `token`, `apiKey`, `accessToken` and others, headers such as
   * `x-api-key`, and what such a parameter has in the query of a URL.
   */
  readonly redact?: readonly string[];
  /** Fields that every line has. */
  readonly fields?: Fields;
}

/** A logger that writes JSON lines. */
export interface JsonLogger extends Logger {
  /** Returns a logger whose lines have these fields too. This logger does not change. */
  child(fields: Fields): JsonLogger;
  /** Whether a line of this level would be written, so that you can skip building an expensive message. */
  isEnabled(level: LogLevel): boolean;
}

const RANKS: Readonly<Record<LogLevel | 'silent', number>> = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 };
/** The names that every line has. */
const OWN: ReadonlySet<string> = new Set([
  ...['level', 'time', 'message', 'function', 'platform', 'invocationId', 'coldStart', 'attempt', 'traceId', 'spanId'],
]);

/**
 * JSON lines with the function, the platform, the invocation and whether the instance is new; with `tracing()` also the
 * trace and the span. They go to the console, or to the invocation's own log on Azure. Logging never throws: cycles,
 * BigInt, throwing getters, and errors with their causes are written in a readable form.
 *
 * @returns a value for `defineFunction.logger(...)`: it makes a logger for each context.
 * @throws FunctionError `misconfigured` if an option is invalid.
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
    throw misconfigured(`jsonLogger(...): \`level\` must be one of ${levels}; got ${String(level)}.`);
  }
  if (!(typeof sampling === 'number' && sampling >= 0 && sampling <= 1)) {
    const came = typeof sampling === 'number' ? sampling : describe(sampling);
    throw misconfigured(`jsonLogger(...): \`sampling\` must be a number from 0 to 1; got ${came}.`);
  }
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
    throw misconfigured(`jsonLogger(...): \`fields\` must be an object; got ${describe(fields)}.`);
  }
  const writer = new Writer(new Redaction(redact));
  const always = writer.fields(fields, OWN);
  const reserved = withNames(OWN, fields);
  // An event logs all of its lines or none.
  const isSampled = perEvent(() => Math.random() < sampling);
  return (context) => {
    const least = sampling > 0 && isSampled(context) ? RANKS.debug : RANKS[level];
    const { logSink = console } = context as { readonly logSink?: LogSink };
    const ids = idsOf(context);
    return new Lines(least, logSink, joined(always, JSON.stringify(ids).slice(1, -1)), reserved, writer, ids);
  };
}

/** The names that a line has already, and those that `fields` adds. */
function withNames(reserved: ReadonlySet<string>, fields: Fields): ReadonlySet<string> {
  return new Set([...reserved, ...Object.keys(fields).map((name) => freeName(name, fields, reserved))]);
}

class Lines implements JsonLogger {
  readonly #least: number;
  readonly #sink: LogSink;
  /** The fields that every line has, as JSON. */
  readonly #fields: string;
  /** Their names. */
  readonly #reserved: ReadonlySet<string>;
  readonly #writer: Writer;
  readonly #ids: Ids;

  constructor(least: number, sink: LogSink, fields: string, reserved: ReadonlySet<string>, writer: Writer, ids: Ids) {
    this.#least = least;
    this.#sink = sink;
    this.#fields = fields;
    this.#reserved = reserved;
    this.#writer = writer;
    this.#ids = ids;
  }

  // Arrow functions, so that they keep working when destructured.
  readonly debug = (message: string, fields?: Fields): void => this.#write('debug', message, fields);
  readonly info = (message: string, fields?: Fields): void => this.#write('info', message, fields);
  readonly warn = (message: string, fields?: Fields): void => this.#write('warn', message, fields);
  readonly error = (message: string, fields?: Fields): void => this.#write('error', message, fields);
  readonly child = (fields: Fields): JsonLogger => {
    // A value that is no object has no fields, and a proxy may throw.
    const own = unrepeated(this.#writer.copied(fields), this.#ids);
    const all = joined(this.#fields, this.#writer.fields(own, this.#reserved));
    return new Lines(this.#least, this.#sink, all, withNames(this.#reserved, own), this.#writer, this.#ids);
  };

  readonly isEnabled = (level: LogLevel): boolean => RANKS[level] >= this.#least;

  #write(level: LogLevel, message: string, fields: Fields | undefined): void {
    if (RANKS[level] < this.#least) return;
    const more = fields && this.#writer.fields(unrepeated(fields, this.#ids), this.#reserved);
    const own = more ? joined(this.#fields, more) : this.#fields;
    const text = JSON.stringify(this.#writer.text(message));
    const head = `{"level":"${level}","time":"${now()}","message":${text}`;
    this.#sink[level](onOneLine(withoutSecrets(`${joined(head, own)}}`)));
  }
}

function joined(before: string, after: string): string {
  return before && after ? `${before},${after}` : before || after;
}

let lastMs = 0;
let lastText = '';

/** Many lines share a millisecond, and formatting a date takes as long as writing the rest of a line. */
function now(): string {
  const ms = Date.now();
  if (ms !== lastMs || lastText === '') {
    lastMs = ms;
    lastText = new Date(ms).toISOString();
  }
  return lastText;
}
