import type { Kind, Wiring } from '@tradewind/core';

/**
 * The options of a function on any platform, by kind. Requests have no dead letters, and only queues have `redeliver`.
 */
export type WiringOf<K extends Kind> = K extends 'queue'
  ? Wiring
  : Pick<Wiring, 'env' | 'send' | (K extends 'http' ? never : 'deadLetter')>;
