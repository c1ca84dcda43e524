import { isError } from '../errors.js';
import type { Context } from './context.js';
import { scrubbed, secrets } from './secrets.js';

/** Where log lines go. `console` is one, and so are most loggers. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Makes the logger of a context. */
export type LoggerOf = (context: Context) => Logger;

/** Where lines go: `console`, or what a platform gives for an invocation. */
export type LogSink = Readonly<Record<keyof Logger, (line: string) => void>>;

/**
 * The default logger: one JSON line an entry, through `console`, on every runtime.
 *
 * @param always - fields that every line has.
 */
export function consoleLogger(always: Readonly<Record<string, unknown>> = {}): Logger {
  return lineLogger(always, console);
}

/** For core: the same, with lines that go where a platform wants them. */
export function lineLogger(always: Readonly<Record<string, unknown>>, sink: LogSink): Logger {
  const write =
    (level: keyof Logger) =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      sink[level](toLine({ level, time: new Date().toISOString(), message }, always, fields));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Logs a failure, without secrets. A logger that throws must not become one more, or lose a message. */
export function report(
  log: Logger,
  level: 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
): void {
  try {
    const clean = secrets() && fields?.error !== undefined ? { ...fields, error: scrubbed(fields.error) } : fields;
    Promise.resolve(log[level](message, clean) as unknown).catch(() => {});
  } catch (error) {
    consoleLogger().error('The logger threw.', { of: message, error });
  }
}

/** A log line must never throw: cycles, BigInt, hostile `toJSON` and getters all come out as something. */
function toLine(own: Readonly<Record<string, unknown>>, ...fields: readonly (object | undefined)[]): string {
  try {
    return withoutSecrets(written(own, ...fields.map((some) => beside(own, some))));
  } catch {
    // The message may be what cannot be written: a proxy, from who writes JavaScript.
    const { message } = own;
    const said = typeof message === 'string' ? message : '[unreadable]';
    return withoutSecrets(JSON.stringify({ ...own, message: said, unserializable: true }));
  }
}

/** No field takes the place of what every line has: it stands beside it, as `time_`. */
function beside(own: object, fields: object | undefined): object | undefined {
  if (!fields || !Object.keys(own).some((key) => Object.hasOwn(fields, key))) return fields;
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key in own ? `${key}_` : key, value]));
}

/** For packages: JSON text without what is secret. */
export function withoutSecrets(line: string): string {
  return secrets()?.redactJson(line) ?? line;
}

/**
 * The members of objects as JSON, errors described.
 *
 * @throws what a `toJSON` or a getter throws.
 */
export function written(...objects: readonly (object | undefined)[]): string {
  const write = (seen?: WeakSet<object>): string =>
    JSON.stringify(Object.assign({}, ...objects), (_key, value: unknown) => {
      if (typeof value === 'bigint') return `${value}`;
      if (typeof value !== 'object' || value === null) return value;
      if (seen?.has(value)) return '[circular]';
      seen?.add(value);
      return isError(value) ? describeError(value, [value]) : value;
    });
  try {
    return write();
  } catch {
    // A cycle is rare, so only what cannot be written is looked through for one.
    return write(new WeakSet());
  }
}

/** Causes beyond it are cut off: `JSON.stringify` recurses. */
const LONGEST_CHAIN = 20;

function describeError(
  { name, message, stack, cause, code, errors }: Partial<AggregateError> & { code?: unknown },
  chain: readonly unknown[] = [],
): object {
  const before = [...chain, cause];
  const isCut = chain.includes(cause) || chain.length >= LONGEST_CHAIN;
  const described = isError(cause) ? (isCut ? '[circular]' : describeError(cause, before)) : cause;
  return { name, code, message, stack, cause: described, errors };
}
