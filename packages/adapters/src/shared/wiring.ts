import type { Kind, Wiring } from '@tradewind/core';

/** What a function of a kind can be given on any platform: only a request has no dead letter, and only a queue is sent to again. */
export type WiringOf<K extends Kind> = K extends 'queue'
  ? Wiring
  : Pick<Wiring, 'env' | 'send' | (K extends 'http' ? never : 'deadLetter')>;
