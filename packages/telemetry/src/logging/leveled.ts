import type { Logger } from '@tradewind/core';
import { isError } from '@tradewind/core/adapter';

/** The fields of a line, besides its message. */
export type Fields = Readonly<Record<string, unknown>>;
/** The level of a line. */
export type Level = keyof Logger;

/** Makes a logger from one function that takes the level. */
export function leveled(write: (level: Level, message: string, fields: Fields | undefined) => void): Logger {
  const line =
    (level: Level) =>
    (message: string, fields?: Fields): void =>
      // An error passed in place of fields has no enumerable members.
      write(level, message, isError(fields) ? { error: fields } : (fields ?? undefined));
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}
