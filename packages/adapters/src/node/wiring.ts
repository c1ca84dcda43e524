import type { Kind } from '@tradewind/core';
import type { WiringOf } from '../shared/wiring.js';

/** The options for the URL to which a function's messages are posted. */
export interface Posted {
  /** The path of the URL. Default: `/` and the function's name. */
  readonly path?: string;
  /**
   * The origin that is given permission if it asks for it before it posts, for example `'eventgrid.azure.net'`. Senders
   * that do not ask are not affected. Default: none.
   */
  readonly webhookOrigin?: string;
}

/** The options of a function on a Node server, by the function's kind. */
export type NodeWiring<K extends Kind> = WiringOf<K> & (K extends 'http' ? unknown : Posted);
