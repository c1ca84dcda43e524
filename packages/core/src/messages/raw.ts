import type { CloudEvent } from './event.js';

const RAW = Symbol.for('tradewind.raw');

/**
 * Keeps what a message's data was before its schema, which may have put in what is different each time: a default that
 * is random, the time. Not enumerable: nobody's comparison of events sees it.
 */
export function keepRaw<Event extends CloudEvent>(event: Event, data: unknown): Event {
  return Object.defineProperty(event, RAW, { value: data });
}

/** For packages: a message's data as it came, before its schema. */
export function rawData(event: CloudEvent): unknown {
  return RAW in event ? event[RAW] : event.data;
}
