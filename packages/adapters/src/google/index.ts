/**
 * A transport to Google Cloud Pub/Sub, environment variables from Secret Manager, and a check of Google's tokens. You pass
 * in Google's clients.
 *
 * @module
 */
export type { ClientOption } from '../shared/client.js';
export type { SenderCheck } from '../shared/sender-check.js';
export type { GoogleOidcOptions, GoogleTokenClient } from './oidc.js';
export { googleOidc } from './oidc.js';
export type { PubSubTopic } from './pub-sub.js';
export { pubSub } from './pub-sub.js';
export type { SecretManagerClient } from './secret-manager.js';
export { secretManager } from './secret-manager.js';
