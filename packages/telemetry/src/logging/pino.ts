import type { Context, Logger } from '@tradewind/core';
import { mustBe } from '@tradewind/core/adapter';
import { idsOf, known } from './ids.js';
import { type Fields, leveled } from './leveled.js';
import { freeName } from './write.js';

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
    const ids = known(idsOf(context));
    const child = logger.child(ids);
    const reserved = new Set(Object.keys(ids));
    return leveled((level, message, { error, ...fields } = {}) => {
      const own = beside(fields, reserved);
      child[level](error === undefined ? own : { ...own, err: error }, message);
    });
  };
}

/** pino would write a name twice that an id and a field have, and of two members a reader of JSON takes either. */
function beside(fields: Fields, reserved: ReadonlySet<string>): Fields {
  if (!Object.keys(fields).some((name) => reserved.has(name))) return fields;
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [freeName(name, fields, reserved), value]));
}
