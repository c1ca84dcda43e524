import type { Context, Logger } from '@tradewind/core';
import { mustBe } from '@tradewind/core/adapter';
import { spanIds } from '../span.js';
import { idsOf, known } from './ids.js';
import { type Fields, leveled } from './leveled.js';
import { perEvent } from './per-event.js';

/** The part of `Logger` from `@aws-lambda-powertools/logger` that is used. */
export interface PowertoolsLogger {
  debug(message: string, ...more: Record<string, unknown>[]): void;
  info(message: string, ...more: Record<string, unknown>[]): void;
  warn(message: string, ...more: Record<string, unknown>[]): void;
  error(message: string, ...more: Record<string, unknown>[]): void;
  createChild(options: { persistentKeys: Record<string, unknown> }): PowertoolsLogger;
  appendKeys(keys: Record<string, unknown>): void;
}

/** Powertools' logger for one context. */
export interface PowertoolsLog extends Logger {
  /** Adds keys to the lines of this request or message only, in every layer. */
  appendKeys(keys: Fields): void;
}

/**
 * Makes your Powertools logger `context.log`. Each request and message has its own child logger, so its keys are not on
 * another's lines, even if they overlap. The formatter, level and keys stay as you set them.
 *
 * For Lambda and Node. `new Logger()` throws on Workers, whose runtime lacks the console that it needs.
 *
 * @returns a value for `defineFunction.logger(...)`.
 * @throws FunctionError `misconfigured` if `logger` is not a Powertools logger.
 * @example
 * ```ts
 * import { Logger } from '@aws-lambda-powertools/logger';
 * import { defineFunction } from '@tradewind/core';
 * import { powertoolsLogger } from '@tradewind/telemetry/logging';
 *
 * export const fn = defineFunction.logger(powertoolsLogger(new Logger({ serviceName: 'orders' })));
 * ```
 */
export function powertoolsLogger(logger: PowertoolsLogger): (context: Context) => PowertoolsLog {
  mustBe('function', logger?.createChild, "powertoolsLogger(...): `createChild` of Powertools' Logger");
  // Keys that a layer appends are also on the handler's lines.
  const childOf = perEvent((context) => logger.createChild({ persistentKeys: keysOf(context) }));
  return (context) => {
    const child = childOf(context);
    const trace = traceOf(context);
    const lines = leveled((level, message, fields) => child[level](message, { ...trace, ...fields }));
    return { ...lines, appendKeys: (appended) => child.appendKeys({ ...appended }) };
  };
}

/** Uses Powertools' own key names where they exist. */
function keysOf(context: Context): Record<string, unknown> {
  const { function: name, invocationId, coldStart, traceId: _, spanId: __, ...more } = idsOf(context);
  return known({ function_name: name, function_request_id: invocationId, cold_start: coldStart, ...more });
}

/** Separate, because it differs between contexts of an event: a layer may be outside `tracing()`. */
function traceOf(context: Context): Record<string, unknown> {
  const { traceId, spanId } = spanIds(context);
  return known({ trace_id: traceId, span_id: spanId });
}
