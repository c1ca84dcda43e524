/**
 * A transport to Google Cloud Pub/Sub, and environment variables from Secret Manager. You pass in Google's clients.
 *
 * @module
 */
export type { ClientOption } from '../shared/client.js';
export type { PubSubTopic } from './pub-sub.js';
export { pubSub } from './pub-sub.js';
export type { SecretManagerClient } from './secret-manager.js';
export { secretManager } from './secret-manager.js';
