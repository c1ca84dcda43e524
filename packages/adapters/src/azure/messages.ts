import { type AnyFunction, FunctionError, type QueueTrigger } from '@tradewind/core';
import { textOf } from '../shared/text.js';
import type { AzureQueueWiring } from './wiring.js';

/**
 * The data of a message exactly as it was sent. It is requested as bytes (`dataType: 'binary'`), because the library
 * parses any text that is valid JSON, which turns an id such as `89e7073266`, or one of 20 digits, into a different
 * number.
 *
 * @see https://github.com/Azure/azure-functions-nodejs-library/issues/90
 */
export function exactData(data: unknown, fn: AnyFunction): unknown {
  if (data instanceof Uint8Array) return textOf(data);
  if (typeof data !== 'number') return data;
  throw new FunctionError(
    'foreign_event',
    `The queue function '${fn.name}' on Azure expects a message's bytes, but got a number, which may differ from what was sent: the host ignores dataType 'binary'.`,
  );
}

/** A time from the message's metadata, as RFC 3339. A time without an offset, as Service Bus's, is in UTC. */
export function timeOf(value: unknown): string | undefined {
  const text = typeof value === 'string' && /T[\d:.]+$/.test(value) ? `${value}Z` : value;
  const time = typeof text === 'string' || text instanceof Date ? new Date(text) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
}

/** The name of the queue that a function's messages come from. */
export function queueOf({ trigger, settings }: AnyFunction): string {
  return (settings.wiring as AzureQueueWiring | undefined)?.queue ?? (trigger as QueueTrigger).queue;
}
