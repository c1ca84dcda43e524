import type { Logger } from '@tradewind/core';
import { isError } from '@tradewind/core/adapter';

/** What a line says beside its message. */
export type Fields = Readonly<Record<string, unknown>>;
/** How much a line matters. */
export type Level = keyof Logger;

/** A logger whose levels are one function. */
export function leveled(write: (level: Level, message: string, fields: Fields | undefined) => void): Logger {
  const line =
    (level: Level) =>
    (message: string, fields?: Fields): void =>
      // An error in place of fields has nothing enumerable to say.
      write(level, message, isError(fields) ? { error: fields } : (fields ?? undefined));
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}
