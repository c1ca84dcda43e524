import type { Context, Logger } from '@tradewind/core';
import { mustBe } from '@tradewind/core/adapter';
import { idsOf, known } from './ids.js';
import { type Fields, leveled } from './leveled.js';

type Line = (fields: Fields, message: string) => void;

/** What is used of a logger of `pino`. */
export interface PinoLogger {
  debug: Line;
  info: Line;
  warn: Line;
  error: Line;
  child(fields: Record<string, unknown>): PinoLogger;
}

/**
 * Your own logger of pino's as `context.log`, a child for each context. pino takes the fields first and the message behind
 * them, and an error as `err`.
 *
 * @returns what `defineFunction.logger(...)` takes.
 * @throws FunctionError `misconfigured` for what is no such logger.
 * @example
 * ```ts
 * import { defineFunction } from '@tradewind/core';
 * import { pinoLogger } from '@tradewind/telemetry/logging';
 * import { pino } from 'pino';
 *
 * export const fn = defineFunction.logger(pinoLogger(pino({ redact: ['order.iban'] })));
 * ```
 */
export function pinoLogger(logger: PinoLogger): (context: Context) => Logger {
  mustBe('function', logger?.child, "What pinoLogger(...) is given, pino's logger: its child");
  return (context) => {
    const child = logger.child(known(idsOf(context)));
    return leveled((level, message, { error, ...fields } = {}) =>
      child[level](error === undefined ? fields : { ...fields, err: error }, message),
    );
  };
}
