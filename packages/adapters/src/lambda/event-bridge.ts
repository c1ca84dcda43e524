import type { CloudEvent } from '@tradewind/core';
import type { EventBridgeEvent } from './types.js';

/** Converts an EventBridge event, which a schedule's is too, to a CloudEvent. Undefined for anything else. */
export function fromEventBridge(event: unknown): CloudEvent | undefined {
  if (!isEventBridge(event)) return undefined;
  const { id, source, time, detail, account, region, resources } = event;
  return { id, source, type: event['detail-type'], time, extensions: { account, region, resources }, data: detail };
}

function isEventBridge(event: unknown): event is EventBridgeEvent {
  const { id, source, 'detail-type': type } = Object(event) as Partial<EventBridgeEvent>;
  return typeof id === 'string' && typeof source === 'string' && typeof type === 'string';
}
