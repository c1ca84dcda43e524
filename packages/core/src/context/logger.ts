/** Where log lines go. `console` is one, and so are most loggers. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/**
 * The default logger: one JSON line an entry, through `console`, on every runtime.
 *
 * @param always - fields that every line has.
 */
export function consoleLogger(always: Readonly<Record<string, unknown>> = {}): Logger {
  const write =
    (level: keyof Logger) =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      // biome-ignore lint/suspicious/noConsole: this is where lines leave the process
      console[level](toLine({ level, time: new Date().toISOString(), message }, always, fields));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** A log line must never throw: cycles, BigInt, hostile `toJSON` and getters all come out as something. */
function toLine(own: object, ...fields: readonly (object | undefined)[]): string {
  const open: { readonly original: unknown; readonly written: unknown }[] = [];
  try {
    // No field takes the place of what every line has.
    return JSON.stringify(Object.assign({}, own, ...fields, own), function (this: unknown, _key, value: unknown) {
      if (typeof value === 'bigint') return value.toString();
      if (typeof value !== 'object' || value === null) return value;
      // `this` holds the value: whatever was opened after it is closed by now.
      while (open.length > 0 && open.at(-1)?.written !== this) open.pop();
      if (open.some(({ original }) => original === value)) return '[circular]';
      const written = value instanceof Error ? describeError(value) : value;
      open.push({ original: value, written });
      return written;
    });
  } catch {
    return JSON.stringify({ ...own, unserializable: true });
  }
}

function describeError(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const code = (error as { code?: unknown }).code;
  return { name, ...(code === undefined ? {} : { code }), message, stack, ...(cause === undefined ? {} : { cause }) };
}
