import { PUB_SUB_TYPE } from '../shared/pub-sub.js';

/** What Pub/Sub pushed, out of the CloudEvent that carries it, and from where; neither for what is no such event. */
export function pushIn(event: unknown): { push?: unknown; source?: string } {
  const { type, source, data } = Object(event) as Readonly<Record<string, unknown>>;
  return type === PUB_SUB_TYPE && typeof source === 'string' ? { push: data, source } : {};
}
