/**
 * A transport to Google Cloud, over a client that the user made.
 *
 * @module
 */
export type { ClientOption } from '../shared/client.js';
export type { PubSubTopic } from './pub-sub.js';
export { pubSub } from './pub-sub.js';
