import type { Kind } from '@tradewind/core';
import type { WiringOf } from '../shared/wiring.js';

/** Where the messages of a function are posted, and by whom. */
export interface Posted {
  /** Default: `/` and the function's name. */
  readonly path?: string;
  /**
   * Who is told yes when it asks whether it may post, before it does: `'eventgrid.azure.net'`. Default: nobody, and no one
   * has to ask who does not know of it.
   */
  readonly webhookOrigin?: string;
}

/** What a function of a kind can be given on a server. */
export type NodeWiring<K extends Kind> = WiringOf<K> & (K extends 'http' ? unknown : Posted);
