import type { CloudEvent } from './event.js';

const RAW = Symbol.for('tradewind.raw');

/**
 * Stores a message's data from before its schema was applied: the schema may add values that differ each time, such as
 * a random default or the time. Not enumerable, so that comparisons of events ignore it.
 */
export function keepRaw<Event extends CloudEvent>(event: Event, data: unknown): Event {
  return Object.defineProperty(event, RAW, { value: data });
}

/** For packages: a message's data as it arrived, before its schema was applied. */
export function rawData(event: CloudEvent): unknown {
  return RAW in event ? event[RAW] : event.data;
}
