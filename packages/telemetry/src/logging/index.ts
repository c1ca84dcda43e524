/**
 * Loggers for `context.log`. Every line has the ids of its invocation and its trace.
 *
 * @module
 */
export { type AzureLoggerOptions, azureLogger } from './azure.js';
export { type JsonLogger, type JsonLoggerOptions, jsonLogger, type LogLevel } from './json-logger.js';
export { type PinoLogger, pinoLogger } from './pino.js';
export { type PowertoolsLog, type PowertoolsLogger, powertoolsLogger } from './powertools.js';
