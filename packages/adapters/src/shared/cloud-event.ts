import type { CloudEvent } from '@tradewind/core';
import { isText } from './text.js';

/**
 * Wraps a CloudEvent from a platform, or returns undefined for anything else. Its members are read when the delivery is
 * made, which unwraps structured events.
 */
export function fromCloudEvent(event: unknown): CloudEvent | undefined {
  const { specversion, id, source, type } = Object(event) as Readonly<Record<string, unknown>>;
  const isOne = specversion === '1.0' && isText(id) && isText(source) && isText(type);
  return isOne ? { id, source, type, extensions: {}, data: event } : undefined;
}
