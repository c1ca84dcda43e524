/**
 * A transport to Google Cloud and its store of secrets, over clients that the user made.
 *
 * @module
 */
export type { ClientOption } from '../shared/client.js';
export type { PubSubTopic } from './pub-sub.js';
export { pubSub } from './pub-sub.js';
export type { SecretManagerClient } from './secret-manager.js';
export { secretManager } from './secret-manager.js';
