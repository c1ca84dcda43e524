import type { Context, Logger } from '@tradewind/core';
import { mustBe } from '@tradewind/core/adapter';
import { idsOf, known } from './ids.js';
import { type Fields, leveled } from './leveled.js';

/** What is used of `Logger` of `@aws-lambda-powertools/logger`. */
export interface PowertoolsLogger {
  debug(message: string, ...more: Record<string, unknown>[]): void;
  info(message: string, ...more: Record<string, unknown>[]): void;
  warn(message: string, ...more: Record<string, unknown>[]): void;
  error(message: string, ...more: Record<string, unknown>[]): void;
  createChild(options: { persistentKeys: Record<string, unknown> }): PowertoolsLogger;
  appendKeys(keys: Record<string, unknown>): void;
}

/** Powertools' logger, of one context. */
export interface PowertoolsLog extends Logger {
  /** Adds keys to the lines of this context, and of no other. */
  appendKeys(keys: Fields): void;
}

/**
 * Your own logger of Powertools' as `context.log`: each context has a child of it, so that the keys of an invocation are on
 * no other one's lines, also where invocations overlap. Its formatter, level and keys are as you have set them.
 *
 * It is for Lambda and for Node: `new Logger()` throws on Workers, whose runtime lacks the console that it wants.
 *
 * @returns what `defineFunction.logger(...)` takes.
 * @throws FunctionError `misconfigured` for what is no such logger.
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
  mustBe('function', logger?.createChild, "What powertoolsLogger(...) is given, Powertools' Logger: its createChild");
  return (context) => {
    const child = logger.createChild({ persistentKeys: keysOf(context) });
    const lines = leveled((level, message, fields) => {
      if (fields === undefined) child[level](message);
      else child[level](message, { ...fields });
    });
    return { ...lines, appendKeys: (keys) => child.appendKeys({ ...keys }) };
  };
}

/** By Powertools' own names, where it has some. */
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
