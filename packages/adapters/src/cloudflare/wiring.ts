import type { Kind, Wiring } from '@tradewind/core';

/** The options of a function on Workers, by the function's kind. Cloudflare Queues delay retries natively. */
export type WorkersWiring<K extends Kind> = Pick<Wiring, 'env' | 'send' | (K extends 'http' ? never : 'deadLetter')>;
