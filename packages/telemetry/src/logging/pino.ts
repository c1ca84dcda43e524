import type { Context, Logger } from '@tradewind/core';
import { mustBe } from '@tradewind/core/adapter';
import { idsOf, known, unrepeated } from './ids.js';
import { type Fields, leveled } from './leveled.js';
import { freeName } from './write.js';

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
    const ids = known(idsOf(context));
    const child = logger.child(ids);
    const reserved = new Set(Object.keys(ids));
    return leveled((level, message, { error, ...fields } = {}) => {
      const own = beside(unrepeated(fields, ids), reserved);
      child[level](error === undefined ? own : { ...own, err: error }, message);
    });
  };
}

/** If an id and a field have the same name, pino writes both, and JSON readers differ in which of the two they take. */
function beside(fields: Fields, reserved: ReadonlySet<string>): Fields {
  if (!Object.keys(fields).some((name) => reserved.has(name))) return fields;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [freeName(name, fields, reserved), value]));
}
