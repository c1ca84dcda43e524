import type { Context, Logger } from '@tradewind/core';
import { mustBe } from '@tradewind/core/adapter';
import { idsOf, known } from './ids.js';
import { type Fields, leveled } from './leveled.js';

type Line = (fields: Fields, message: string) => void;

/** The part of a `pino` logger that is used. */
export interface PinoLogger {
  debug: Line;
  info: Line;
  warn: Line;
  error: Line;
  child(fields: Record<string, unknown>): PinoLogger;
}

/**
 * Makes your pino logger `context.log`, with a child logger for each context. pino takes the fields first, then the
 * message, and an error as `err`.
 *
 * @returns a value for `defineFunction.logger(...)`.
 * @throws FunctionError `misconfigured` if `logger` is not a pino logger.
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
  mustBe('function', logger?.child, "pinoLogger(...): `child` of pino's logger");
  return (context) => {
    const child = logger.child(known(idsOf(context)));
    return leveled((level, message, { error, ...fields } = {}) =>
      child[level](error === undefined ? fields : { ...fields, err: error }, message),
    );
  };
}
