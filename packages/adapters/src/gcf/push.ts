import { PUB_SUB_TYPE } from '../shared/pub-sub.js';

/** The Pub/Sub push in a CloudEvent, and the event's source; neither if the value is not such an event. */
export function pushIn(event: unknown): { push?: unknown; source?: string } {
  const { type, source, data } = Object(event) as Readonly<Record<string, unknown>>;
  return type === PUB_SUB_TYPE && typeof source === 'string' ? { push: data, source } : {};
}
