import type { AnyFunction, CloudEvent } from '@tradewind/core';
import { foreignEvent } from '../shared/functions.js';
import type { EventBridgeEvent } from './types.js';

/** An event of EventBridge as a CloudEvent; a schedule's is one too. */
export function fromEventBridge(event: unknown, fn: AnyFunction, wanted: string): CloudEvent {
  if (!isEventBridge(event)) throw foreignEvent(fn, 'AWS Lambda', wanted, event);
  const { id, source, time, detail, account, region, resources } = event;
  return { id, source, type: event['detail-type'], time, extensions: { account, region, resources }, data: detail };
}

function isEventBridge(event: unknown): event is EventBridgeEvent {
  const { id, source, 'detail-type': type } = Object(event) as Partial<EventBridgeEvent>;
  return typeof id === 'string' && typeof source === 'string' && typeof type === 'string';
}
