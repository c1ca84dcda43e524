import type { Context, Logger } from '@tradewind/core';
import { checkOptions, scrubbed, withoutSecrets } from '@tradewind/core/adapter';
import { jsonLogger } from './json-logger.js';
import { type Level, leveled } from './leveled.js';
import { Redaction } from './redaction.js';
import { Writer } from './write.js';

const NONE: ReadonlySet<string> = new Set();

/** What {@link azureLogger} is given. */
export interface AzureLoggerOptions {
  /** What is not to be read, see `jsonLogger`. Default: credentials. */
  readonly redact?: readonly string[];
}

/** What Azure gives for an invocation, and Application Insights shows with it. */
type AzureLog = Readonly<Record<Level, (...line: unknown[]) => void>>;

/**
 * Lines in words for Azure Functions: the message, and its fields as JSON behind it, through the invocation's own log, by which
 * Application Insights knows which invocation and which level they belong to. On other platforms it is a `jsonLogger()`; for JSON
 * lines on Azure take that, which goes through the same log.
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
  const elsewhere = jsonLogger({ redact });
  return (context) => {
    if (context.platform !== 'azure') return elsewhere(context);
    const { context: azure } = context.native as { readonly context: AzureLog };
    return leveled((level, message, fields) => {
      const text = scrubbed(writer.text(message)) as string;
      azure[level](fields ? `${text} ${withoutSecrets(`{${writer.fields(fields, NONE)}}`)}` : text);
    });
  };
}
