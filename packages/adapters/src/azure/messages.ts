import { type AnyFunction, FunctionError } from '@tradewind/core';
import { textOf } from '../shared/text.js';
import type { AzureQueueWiring } from './wiring.js';

/**
 * The data of a message exactly as it was sent. It is asked for as bytes (`dataType: 'binary'`), because the library
 * reads every text as JSON where it can, and of an id such as `89e7073266` or one of 20 digits that leaves another number.
 *
 * @see https://github.com/Azure/azure-functions-nodejs-library/issues/90
 */
export function exactData(data: unknown, fn: AnyFunction): unknown {
  if (data instanceof Uint8Array) return textOf(data);
  if (typeof data !== 'number') return data;
  throw new FunctionError(
    'foreign_event',
    `The queue function '${fn.name}' on Azure wants a message's bytes and got a number, which may not be what was sent: the host does not keep to dataType 'binary'.`,
  );
}

/** A time of the message's metadata, RFC 3339. */
export function timeOf(value: unknown): string | undefined {
  const time = typeof value === 'string' || value instanceof Date ? new Date(value) : undefined;
  return time && !Number.isNaN(time.getTime()) ? time.toISOString() : undefined;
}

/** The name of the queue that a function's messages come from. */
export function queueOf({ trigger, settings }: AnyFunction): string {
  return (settings.wiring as AzureQueueWiring | undefined)?.queue ?? (trigger as unknown as { queue: string }).queue;
}
