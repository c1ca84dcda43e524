import type { Kind, Wiring } from '@tradewind/core';

/** Where the messages of a function are posted. */
interface Posted {
  /** Default: `/` and the function's name. */
  readonly path?: string;
}

/** What a function of a kind can be given on a server. */
export type NodeWiring<K extends Kind> = K extends 'http'
  ? Pick<Wiring, 'send'>
  : K extends 'queue'
    ? Wiring & Posted
    : Pick<Wiring, 'send' | 'deadLetter'> & Posted;
