import type { Context, Logger } from '@tradewind/core';
import { mustBe } from '@tradewind/core/adapter';
import { idsOf, known } from './ids.js';
import { type Fields, leveled } from './leveled.js';

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
  /** Adds keys to the lines of this context only. */
  appendKeys(keys: Fields): void;
}

/**
 * Makes your Powertools logger `context.log`. Each context has its own child logger, so the keys of one invocation are
 * not on another's lines, even if invocations overlap. The formatter, level and keys stay as you set them.
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
  return (context) => {
    const child = logger.createChild({ persistentKeys: keysOf(context) });
    const lines = leveled((level, message, fields) => {
      if (fields === undefined) child[level](message);
      else child[level](message, { ...fields });
    });
    return { ...lines, appendKeys: (keys) => child.appendKeys({ ...keys }) };
  };
}

/** Uses Powertools' own key names where they exist. */
function keysOf(context: Context): Record<string, unknown> {
  const { function: name, invocationId, coldStart, traceId, spanId, ...more } = idsOf(context);
  return known({
    function_name: name,
    function_request_id: invocationId,
    cold_start: coldStart,
    trace_id: traceId,
    span_id: spanId,
    ...more,
  });
}
