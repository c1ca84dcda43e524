import { isError } from '../errors.js';
import type { Context } from './context.js';
import { scrubbed, secrets } from './secrets.js';

/** A logger. `console` fits, and so do most logging libraries. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Creates the logger of a context. */
export type LoggerOf = (context: Context) => Logger;

/** Where log lines are written: `console`, or what a platform provides for an invocation. */
export type LogSink = Readonly<Record<keyof Logger, (line: string) => void>>;

/**
 * The default logger: writes each entry to `console` as one line of JSON, on every runtime.
 *
 * @param always - fields that are added to every line.
 */
export function consoleLogger(always: Readonly<Record<string, unknown>> = {}): Logger {
  return lineLogger(always, console);
}

/** For core: the same for any sink. */
export function lineLogger(always: Readonly<Record<string, unknown>>, sink: LogSink): Logger {
  const write =
    (level: keyof Logger) =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      sink[level](toLine({ level, time: new Date().toISOString(), message }, always, fields));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Logs a failure, without secrets. A logger that throws must not cause another failure or lose a message. */
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
    consoleLogger().error('The logger threw an error.', { of: message, error });
  }
}

/** Never throws, whatever is logged: cycles, BigInt, and a `toJSON` or getters that throw. */
function toLine(own: Readonly<Record<string, unknown>>, ...fields: readonly (object | undefined)[]): string {
  try {
    return withoutSecrets(written(own, ...fields.map((some) => beside(own, some))));
  } catch {
    // The message itself may be what cannot be written: JavaScript callers may pass a proxy.
    const { message } = own;
    const said = typeof message === 'string' ? message : '[unreadable]';
    return withoutSecrets(JSON.stringify({ ...own, message: said, unserializable: true }));
  }
}

/** A field with the name of a standard one does not replace it: it is renamed, for example to `time_`. */
function beside(own: object, fields: object | undefined): object | undefined {
  if (!fields || !Object.keys(own).some((key) => Object.hasOwn(fields, key))) return fields;
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key in own ? `${key}_` : key, value]));
}

/** For packages: JSON text without secrets. */
export function withoutSecrets(line: string): string {
  return secrets()?.redactJson(line) ?? line;
}

/**
 * Writes the members of all objects as one JSON object, with errors described.
 *
 * @throws the error of a `toJSON` or a getter.
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
    // Cycles are rare, so they are only looked for after a failure.
    return write(new WeakSet());
  }
}

/** Further causes are cut off: `JSON.stringify` recurses. */
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
