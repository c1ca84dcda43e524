import type { Kind, Wiring } from '@tradewind/core';

/** What a function of a kind can be given on Workers, whose queues delay by themselves. */
export type WorkersWiring<K extends Kind> = Pick<Wiring, 'env' | 'send' | (K extends 'http' ? never : 'deadLetter')>;
