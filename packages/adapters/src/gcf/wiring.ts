import type { Kind, Wiring } from '@tradewind/core';

/** What a function of a kind can be given on Google Cloud. */
export type GcfWiring<K extends Kind> = K extends 'queue'
  ? Wiring
  : Pick<Wiring, 'env' | 'send' | (K extends 'http' ? never : 'deadLetter')>;
