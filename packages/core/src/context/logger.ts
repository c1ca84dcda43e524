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
      console[level](toLine({ level, time: new Date().toISOString(), message, ...always, ...fields }));
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** A log line must never throw: cycles, BigInt, hostile `toJSON` and getters all come out as something. */
function toLine(entry: Record<string, unknown>): string {
  const open: unknown[] = [];
  try {
    return JSON.stringify(entry, function (this: unknown, _key, value: unknown) {
      if (typeof value === 'bigint') return value.toString();
      if (typeof value !== 'object' || value === null) return value;
      // `this` holds the value: whatever was opened after it is closed by now.
      while (open.length > 0 && open.at(-1) !== this) open.pop();
      if (open.includes(value)) return '[circular]';
      const plain = value instanceof Error ? describeError(value) : value;
      open.push(plain);
      return plain;
    });
  } catch {
    return JSON.stringify({ level: entry.level, message: String(entry.message), unserializable: true });
  }
}

function describeError(error: Error): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const code = (error as { code?: unknown }).code;
  return { name, ...(code === undefined ? {} : { code }), message, stack, ...(cause === undefined ? {} : { cause }) };
}
