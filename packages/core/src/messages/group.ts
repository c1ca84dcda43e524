import type { BatchMessage } from './event.js';

/** The messages that must be handled in order with one, itself included; by message. */
const groups = new WeakMap<BatchMessage, object>();

/** Keeps which ordered group a batch message belongs to. */
export function keepGroup(message: BatchMessage, group: object): void {
  groups.set(message, group);
}

/**
 * For packages: the identity of a batch message's ordered group; undefined if the message has no order. If a message of a group
 * is redelivered, the later messages of the group must be redelivered too.
 */
export function groupOf(message: BatchMessage): object | undefined {
  return groups.get(message);
}
