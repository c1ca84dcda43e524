import type { Context, Logger } from '@tradewind/core';
import { InvocationContext, mustBe } from '@tradewind/core/adapter';
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
  /** Adds keys to the lines of this request or message, in every layer, and of no other. */
  appendKeys(keys: Fields): void;
}

/**
 * Your own logger of Powertools' as `context.log`: each request and each message has a child of it, so that its keys are on
 * no other one's lines, also where they overlap. Its formatter, level and keys are as you have set them.
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
  // By event: what is appended in a layer is on the handler's lines too, whose context is another one.
  const children = new WeakMap<object, PowertoolsLogger>();
  return (context) => {
    const event = InvocationContext.origin(context);
    const { keys, trace } = keysOf(context);
    const child = children.get(event) ?? logger.createChild({ persistentKeys: keys });
    children.set(event, child);
    const lines = leveled((level, message, fields) => child[level](message, { ...trace, ...fields }));
    return { ...lines, appendKeys: (appended) => child.appendKeys({ ...appended }) };
  };
}

/** By Powertools' own names, where it has some. The trace is the context's: a layer may stand outside `tracing()`. */
function keysOf(context: Context): Record<'keys' | 'trace', Record<string, unknown>> {
  const { function: name, invocationId, coldStart, traceId, spanId, ...more } = idsOf(context);
  return {
    keys: known({ function_name: name, function_request_id: invocationId, cold_start: coldStart, ...more }),
    trace: known({ trace_id: traceId, span_id: spanId }),
  };
}
