import { type Context, consoleLogger, type Logger } from '@tradewind/core';
import { checkOptions, withoutSecrets } from '@tradewind/core/adapter';
import { Redaction } from './redaction.js';
import { Writer } from './write.js';

const NONE: ReadonlySet<string> = new Set();

type Level = keyof Logger;
type Fields = Readonly<Record<string, unknown>>;

/** What {@link azureLogger} is given. */
export interface AzureLoggerOptions {
  /** What is not to be read, see `jsonLogger`. Default: credentials. */
  readonly redact?: readonly string[];
}

/** What Azure gives for an invocation, and Application Insights shows with it. */
type AzureLog = Readonly<Record<Level, (...line: unknown[]) => void>>;

/**
 * Lines in words for Azure Functions: the message, and its fields as JSON behind it, through the invocation's own log, by which
 * Application Insights knows which invocation and which level they belong to. On other platforms it writes what core's logger
 * does. For JSON lines on Azure take `jsonLogger()`, which goes through the same log.
 *
 * @returns what `defineFunction.logger(...)` takes.
 * @example
 * ```ts
 * import { defineFunction } from '@tradewind/core';
 * import { azureLogger } from '@tradewind/telemetry/logging';
 *
 * export const fn = defineFunction.logger(azureLogger());
 * ```
 */
export function azureLogger(options: AzureLoggerOptions = {}): (context: Context) => Logger {
  checkOptions('azureLogger', options, ['redact']);
  const { redact = [] } = options;
  const writer = new Writer(new Redaction(redact));
  return (context) => {
    const { functionName, platform, invocationId, native } = context;
    const fallback = consoleLogger({ function: functionName, platform, invocationId });
    if (platform !== 'azure') return fallback;
    const { context: azure } = native as { readonly context: AzureLog };
    const line =
      (level: Level) =>
      (message: string, fields?: Fields): void => {
        if (fields === undefined) azure[level](message);
        else azure[level](`${message} ${withoutSecrets(`{${writer.fields(fields, NONE)}}`)}`);
      };
    return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  };
}
