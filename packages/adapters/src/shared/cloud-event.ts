import type { CloudEvent } from '@tradewind/core';
import { isText } from './text.js';

/**
 * A CloudEvent as its platform hands it over, undefined for what is none. Its own members are read when its delivery is
 * made, which unwraps it as a structured event.
 */
export function fromCloudEvent(event: unknown): CloudEvent | undefined {
  const { specversion, id, source, type } = Object(event) as Readonly<Record<string, unknown>>;
  const isOne = specversion === '1.0' && isText(id) && isText(source) && isText(type);
  return isOne ? { id, source, type, extensions: {}, data: event } : undefined;
}
