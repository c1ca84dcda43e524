import type { Context, Logger } from '@tradewind/core';
import { checkOptions, scrubbed, withoutSecrets } from '@tradewind/core/adapter';
import { jsonLogger } from './json-logger.js';
import { type Level, leveled } from './leveled.js';
import { onOneLine } from './one-line.js';
import { Redaction } from './redaction.js';
import { Writer } from './write.js';

const NONE: ReadonlySet<string> = new Set();

/** Options of {@link azureLogger}. */
export interface AzureLoggerOptions {
  /** Paths to redact, see `jsonLogger`. Default: credentials. */
  readonly redact?: readonly string[];
}

/** The invocation's log on Azure, which Application Insights shows with the invocation. */
type AzureLog = Readonly<Record<Level, (...line: unknown[]) => void>>;

/**
 * Plain text lines for Azure Functions: the message, followed by its fields as JSON. A line break in the message is written
 * as an escape. They go through the invocation's own log, so that Application Insights knows their invocation and level.
 * On other platforms this is `jsonLogger()`.
 * For JSON lines on Azure use `jsonLogger()`, which goes through the same log.
 *
 * @returns a value for `defineFunction.logger(...)`.
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
      const more = fields ? ` ${withoutSecrets(`{${writer.fields(fields, NONE)}}`)}` : '';
      azure[level](onOneLine(text + more));
    });
  };
}
